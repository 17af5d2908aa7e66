"""Who may make, lift, reset and dismiss whom; what is left behind of it."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.urls import reverse

from huiyin.ground.people import actions as people
from huiyin.ground.people.models import ApiToken, User
from huiyin.ground.people.words import Role
from huiyin.ground.refusal import NotPermitted, Refused
from huiyin.surface.console import actions
from huiyin.surface.console.models import ConfigChange
from huiyin.surface.console.words import Did

pytestmark = pytest.mark.django_db


def test_a_new_user_gets_a_password_that_is_shown_once(admin, signed_in, fill, after_sales):
    client = signed_in(admin)
    answer = fill(
        client, "users", username="Zhao", name="赵一", roles=["agent"], teams=[after_sales.pk]
    )
    secret = answer.context["secret"]
    assert secret in answer.text
    assert "no-store" in answer["Cache-Control"]
    made = people.sign_in("zhao", secret, address=None)
    assert (made.name, made.roles, list(made.teams.all())) == ("赵一", ["agent"], [after_sales])
    page = client.get(reverse("console:row", args=["users", made.pk]))
    assert secret not in page.text
    assert secret not in str(list(ConfigChange.objects.values()))
    assert ConfigChange.objects.get().did == Did.CREATED


def test_a_name_is_taken_in_any_spelling(admin, signed_in, fill, li):
    answer = fill(signed_in(admin), "users", username="ＬＩ", name="另一个")
    assert answer.status_code == 422
    assert "已有人使用" in answer.text


def test_every_change_of_a_user_is_kept_with_before_and_after(
    admin, signed_in, fill, li, after_sales, logistics
):
    answer = fill(
        signed_in(admin), "users", li, name="李小明", roles=["agent", "lead"], teams=[logistics.pk]
    )
    assert answer.status_code == 302
    li.refresh_from_db()
    assert (li.name, li.roles) == ("李小明", ["agent", "lead"])
    change = ConfigChange.objects.get()
    assert change.by == admin
    assert {"field": "姓名", "before": "李明", "after": "李小明"} in change.changes
    assert {"field": "角色", "before": "坐席", "after": "坐席、组长"} in change.changes
    assert {"field": "团队", "before": "售后组", "after": "物流组"} in change.changes


def test_saving_without_a_change_leaves_no_trace(admin, signed_in, fill, li):
    assert fill(signed_in(admin), "users", li).status_code == 302
    assert not ConfigChange.objects.exists()


def test_two_editors_never_overwrite_each_other_unseen(admin, secadmin, signed_in, fill, li):
    first = signed_in(admin)
    stale = first.get(reverse("console:row", args=["users", li.pk])).context["form"]
    assert fill(signed_in(secadmin), "users", li, name="李二").status_code == 302
    answer = fill(first, "users", li, name="李三", seen=stale.initial["seen"])
    assert answer.status_code == 409
    assert "韩安刚刚修改过这一项" in answer.text
    assert 'value="李三"' in answer.text  # what was typed is still there
    assert "李二" in answer.text  # and beside it what the other one did
    li.refresh_from_db()
    assert li.name == "李二"
    # Knowing it, he may save once more.
    again = answer.context["form"]["seen"].value()
    assert fill(first, "users", li, name="李三", seen=again).status_code == 302
    li.refresh_from_db()
    assert li.name == "李三"


@pytest.mark.parametrize(
    ("editor", "role", "may"),
    [
        ("admin", "manager", True),
        ("admin", "sysadmin", True),
        ("admin", "secadmin", False),
        ("admin", "auditor", False),
        ("secadmin", "auditor", True),
        ("secadmin", "sysadmin", False),
    ],
)
def test_no_form_gives_a_role_above_ones_own(request, signed_in, fill, li, editor, role, may):
    client = signed_in(request.getfixturevalue(editor))
    answer = fill(client, "users", li, roles=["agent", role])
    li.refresh_from_db()
    assert (role in li.roles) is may
    assert answer.status_code == (302 if may else 422)


def test_a_role_above_ones_own_stays_when_others_change(secadmin, signed_in, fill, second_admin):
    second_admin.roles = ["agent", "auditor"]
    second_admin.save()
    fill(signed_in(secadmin), "users", second_admin, roles=["auditor", "lead"])
    second_admin.refresh_from_db()
    assert second_admin.roles == ["lead", "auditor"]


@pytest.mark.parametrize("who", ["li", "chen", "manager", "auditor"])
def test_others_cannot_change_people(request, signed_in, who, sun):
    client = signed_in(request.getfixturevalue(who))
    url = reverse("console:row", args=["users", sun.pk])
    answer = client.post(url, {"name": "x", "roles": ["manager"]})
    assert answer.status_code == 403
    sun.refresh_from_db()
    assert sun.roles == ["agent"]


def test_nobody_edits_resets_or_dismisses_himself(admin, second_admin, signed_in, fill):
    client = signed_in(admin)
    row = reverse("console:row", args=["users", admin.pk])
    assert client.post(row, {"name": "x", "roles": ["sysadmin", "manager"]}).status_code == 403
    assert client.post(f"{row}state/", {"state": "retired"}).status_code == 403
    assert client.post(f"{row}acts/password/").status_code == 403
    admin.refresh_from_db()
    assert admin.roles == ["sysadmin"]
    assert admin.is_active


def test_a_higher_administrators_password_is_out_of_reach(admin, secadmin, signed_in):
    url = reverse("console:act", args=["users", secadmin.pk, "password"])
    before = secadmin.password
    assert signed_in(admin).post(url).status_code == 403
    secadmin.refresh_from_db()
    assert secadmin.password == before


def test_a_reset_password_ends_the_sessions_and_is_shown_once(admin, li, signed_in):
    working = signed_in(li)
    assert working.get(reverse("people:profile")).status_code == 200
    answer = signed_in(admin).post(reverse("console:act", args=["users", li.pk, "password"]))
    secret = answer.context["secret"]
    assert working.get(reverse("people:profile")).status_code == 302
    assert people.sign_in("li", secret, address=None) == li
    assert ConfigChange.objects.get().did == Did.RESET
    assert secret not in str(list(ConfigChange.objects.values()))


def test_a_dismissed_person_is_out_at_the_next_click(admin, li, signed_in):
    working = signed_in(li)
    answer = signed_in(admin).post(
        reverse("console:state", args=["users", li.pk]), {"state": "retired"}
    )
    assert answer.status_code == 302
    assert working.get(reverse("people:profile")).status_code == 302
    li.refresh_from_db()
    assert not li.is_active


def test_the_last_administrator_stays(admin, second_admin, section):
    users = section("users")
    actions.retire(users, second_admin, by=admin)
    admin.refresh_from_db()
    system = User.objects.system()
    with pytest.raises(Refused, match="最后一名系统管理员"):
        actions.retire(users, admin, by=system)
    admin.refresh_from_db()
    assert admin.is_active


def test_the_last_administrators_role_stays(admin, second_admin, signed_in, fill):
    second_admin.is_active = False
    second_admin.save()
    third = User.objects.create_user("t", "correct horse", name="三", roles=["secadmin"])
    # The last but one cannot be taken by himself; the last one not by anybody.
    answer = fill(signed_in(second_admin), "users", third) if second_admin.is_active else None
    assert answer is None
    with pytest.raises(Refused, match="最后一名"):
        actions._keep_an_administrator(admin, after=["agent"])


@pytest.mark.django_db(transaction=True)
def test_of_two_administrators_who_dismiss_each_other_one_remains(section):
    users = section("users")
    one = User.objects.create_user("one", "correct horse", name="一", roles=["sysadmin"])
    two = User.objects.create_user("two", "correct horse", name="二", roles=["sysadmin"])

    def dismiss(pair):
        by, whom = pair
        try:
            actions.retire(users, whom, by=by)
        except Refused as refused:
            return refused
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(dismiss, [(one, two), (two, one)]))
    assert User.objects.active().with_role(Role.SYSADMIN).count() == 1


def test_the_auditor_runs_nothing(secadmin, auditor, signed_in, fill):
    answer = fill(signed_in(secadmin), "users", auditor, roles=["auditor", "secadmin"])
    assert answer.status_code == 409
    assert "三员分立" in answer.text


def test_a_token_is_shown_once_and_ends_when_revoked(admin, li, signed_in, fill, client):
    page = signed_in(admin)
    answer = fill(page, "tokens", user=li.pk, name="进件程序")
    secret = answer.context["secret"]
    token = ApiToken.objects.get()
    headers = {"Authorization": f"Bearer {secret}"}
    assert client.get("/api/v1/complaints", headers=headers).status_code == 200
    assert secret not in page.get(reverse("console:row", args=["tokens", token.pk])).text
    assert page.post(reverse("console:act", args=["tokens", token.pk, "revoke"])).status_code == 302
    assert client.get("/api/v1/complaints", headers=headers).status_code == 401
    again = page.post(reverse("console:act", args=["tokens", token.pk, "revoke"]))
    assert again.status_code == 409


def test_no_token_speaks_for_a_higher_administrator(admin, secadmin, signed_in, fill):
    assert fill(signed_in(admin), "tokens", user=secadmin.pk, name="x").status_code == 422
    assert not ApiToken.objects.exists()


def test_a_role_outside_the_form_is_refused_by_the_act_as_well(admin, li, section):
    form = section("users").form_class()(instance=li, by=admin)
    form.cleaned_data = {"roles": ["agent", "secadmin"], "teams": []}
    with pytest.raises(NotPermitted, match="高于自己权限"):
        actions.save_person(form, admin)


def test_a_team_gets_a_lead_a_duty_supervisor_and_members(
    manager, signed_in, fill, after_sales, li, chen, sun
):
    answer = fill(
        signed_in(manager),
        "teams",
        after_sales,
        lead=li.pk,
        duty_supervisor=chen.pk,
        members=[li.pk, sun.pk],
    )
    assert answer.status_code == 302
    after_sales.refresh_from_db()
    assert (after_sales.lead, after_sales.duty_supervisor) == (li, chen)
    assert set(after_sales.members.all()) == {li, sun}
    assert ConfigChange.objects.get().section == "teams"
