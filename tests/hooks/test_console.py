"""Setting outside systems up in the console and by program; what came in; health."""

from __future__ import annotations

import re

import pytest

from huiyin.ground import moment
from huiyin.ground.privacy.models import Export
from huiyin.journey.channels.hooks import actions
from huiyin.journey.channels.hooks.models import Arrival, Hook
from huiyin.surface.console.models import ConfigChange
from tests.conftest import person
from tests.hooks.conftest import message
from tests.signing import tell

WECHAT = {
    "connector": "wechat",
    "code": "gzh",
    "name": "云朵公众号",
    "enabled": "on",
    "of_app_id": "wx1",
    "of_app_secret": "very-secret",
    "of_token": "tok-secret",
    "of_aes_key": "a" * 43,
    "of_mode": "safe",
}


def test_first_the_kind_is_chosen_then_what_it_asks_for(signed_in, admin):
    client = signed_in(admin)
    first = client.get("/console/hooks/new/").content.decode()
    assert "微信公众号" in first
    assert "of_app_id" not in first
    second = client.post("/console/hooks/new/", {"connector": "wechat"})
    assert second.status_code == 200
    assert "of_app_id" in second.content.decode()
    missing = client.post("/console/hooks/new/", {**WECHAT, "of_token": ""})
    assert missing.status_code == 422
    assert "令牌" in missing.content.decode()
    assert not Hook.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"of_aes_key": ""}, "安全模式要填 EncodingAESKey"),
        ({"of_aes_key": "a" * 42}, "43 个字母和数字"),
        ({"of_aes_key": "密" * 43}, "43 个字母和数字"),
        ({"of_aes_key": "a" * 42, "of_mode": "plain"}, "43 个字母和数字"),
        ({"connector": "wecom", "of_corp_id": "ww", "of_aes_key": "b"}, "43 个字母和数字"),
    ],
)
def test_a_key_that_opens_nothing_is_refused_when_it_is_typed(
    signed_in, admin, api, wrong, sentence
):
    """Else every message of a customer would be refused, and nobody here would know."""
    typed = {**WECHAT, **wrong}
    answer = signed_in(admin).post("/console/hooks/new/", typed)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    fields = {name[3:]: one for name, one in typed.items() if name.startswith("of_")}
    told = {**{name: typed[name] for name in ("connector", "code", "name")}, "fields": fields}
    by_program = api(admin).post("/api/v1/hooks", told, content_type="application/json")
    assert by_program.status_code == 422
    assert not Hook.objects.exists()


def test_the_mode_without_sealing_needs_no_key_and_a_kept_key_stays(signed_in, admin):
    client, plain = signed_in(admin), {**WECHAT, "of_aes_key": "", "of_mode": "plain"}
    assert client.post("/console/hooks/new/", plain).status_code == 302
    hook = Hook.objects.get()
    place = f"/console/hooks/{hook.pk}/"

    def changed(**typed: str):
        seen = re.search(r'name="seen" value="(\w+)"', client.get(place).content.decode())
        assert seen
        kept = {**plain, "of_app_secret": "", "of_token": "", "seen": seen[1]}
        return client.post(place, {**kept, **typed})

    assert changed(of_mode="safe").status_code == 422
    assert changed(of_mode="safe", of_aes_key="a" * 43).status_code == 302
    assert changed(of_mode="safe", name="新名").status_code == 302  # not typed again
    hook.refresh_from_db()
    assert (hook.name, hook.secrets["aes_key"]) == ("新名", "a" * 43)


def test_secrets_are_sealed_and_never_shown_again(signed_in, admin):
    client = signed_in(admin)
    assert client.post("/console/hooks/new/", WECHAT).status_code == 302
    hook = Hook.objects.get()
    assert hook.secrets["app_secret"] == "very-secret"
    assert "very-secret" not in hook.sealed
    page = client.get(f"/console/hooks/{hook.pk}/").content.decode()
    assert "very-secret" not in page
    assert "tok-secret" not in page
    assert "/hooks/in/gzh/" in page
    assert "接入记录" in page
    seen = re.search(r'name="seen" value="(\w+)"', page)
    assert seen
    changed = {**WECHAT, "name": "新名", "of_app_secret": "", "of_token": "", "of_aes_key": ""}
    answer = client.post(f"/console/hooks/{hook.pk}/", {**changed, "seen": seen[1]})
    assert answer.status_code == 302
    hook.refresh_from_db()
    assert (hook.name, hook.secrets["token"]) == ("新名", "tok-secret")
    told = " ".join(str(one.changes) for one in ConfigChange.objects.filter(section="hooks"))
    assert "新名" in told
    assert "secret" not in told


def test_our_own_secret_is_shown_once_and_changed_with_a_day_of_overlap(signed_in, admin):
    client = signed_in(admin)
    typed = {"connector": "webhook", "code": "forum", "name": "论坛", "enabled": "on"}
    shown = client.post("/console/hooks/new/", typed).content.decode()
    hook = Hook.objects.get()
    assert hook.secret in shown
    assert hook.secret not in client.get(f"/console/hooks/{hook.pk}/").content.decode()
    before = hook.keys(moment.now())
    rotated = client.post(f"/console/hooks/{hook.pk}/acts/rotate/").content.decode()
    hook.refresh_from_db()
    assert hook.secret in rotated
    assert before[0] in hook.keys(moment.now())
    assert client.post(f"/console/hooks/{hook.pk}/acts/drop/").status_code == 302
    hook.refresh_from_db()
    assert before[0] not in hook.keys(moment.now())


def test_switched_off_and_on_again(signed_in, admin, hook):
    client = signed_in(admin)
    client.post(f"/console/hooks/{hook.pk}/state/", {"state": "retired"})
    assert tell(hook, message()).status_code == 403
    client.post(f"/console/hooks/{hook.pk}/state/", {"state": "used"})
    assert tell(hook, message()).status_code == 200


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1/x", "ftp://a.example/", "https://u:p@a.example/", "https://10.0.0.1/x"],
)
def test_an_inner_address_is_refused(signed_in, admin, url):
    typed = {"connector": "webhook", "code": "forum", "name": "论坛", "of_url": url}
    assert signed_in(admin).post("/console/hooks/new/", typed).status_code == 422


def test_only_the_administrator_sets_up(signed_in, manager, li):
    for user in (manager, li):
        assert signed_in(user).get("/console/hooks/").status_code == 403
        assert signed_in(user).post("/console/hooks/new/", WECHAT).status_code == 403
    assert not Hook.objects.exists()


def test_programs_do_the_same_and_never_read_secrets(api, admin, manager):
    client = api(admin)
    told = {
        "code": "gzh",
        "name": "公众号",
        "connector": "wechat",
        "fields": {"app_id": "wx1", "app_secret": "s1", "token": "t1", "aes_key": "a" * 43},
    }
    made = client.post("/api/v1/hooks", told, content_type="application/json")
    assert made.status_code == 201
    assert "s1" not in made.content.decode()
    assert made.json()["has_secrets"] == ["aes_key", "app_secret", "token"]
    path = f"/api/v1/hooks/{made.json()['id']}"
    change = {**told, "name": "新名", "fields": {"app_id": "wx2"}}
    assert client.put(path, change, content_type="application/json").json()["name"] == "新名"
    hook = Hook.objects.get()
    assert (hook.options["app_id"], hook.secrets["token"]) == ("wx2", "t1")
    bad = {**told, "code": "b", "fields": {}}
    assert client.post("/api/v1/hooks", bad, content_type="application/json").status_code == 422
    kinds = {one["kind"] for one in client.get("/api/v1/hook-kinds").json()}
    assert {"webhook", "wechat", "wecom", "mastodon", "sms_http", "sms_files"} <= kinds
    own = {"code": "own", "name": "自有", "connector": "webhook"}
    secret = client.post("/api/v1/hooks", own, content_type="application/json").json()["secret"]
    assert secret.startswith("whsec_")
    assert all(one["secret"] == "" for one in client.get("/api/v1/hooks").json())
    assert api(manager).get("/api/v1/hooks").status_code == 403


def changes(row) -> list[tuple[str, str]]:
    """What the history of a row tells, oldest first: what was done and by whom."""
    told = ConfigChange.objects.filter(section="hooks", subject_id=str(row.pk)).order_by("pk")
    return list(told.values_list("did", "by__username"))


def test_what_a_program_changes_is_in_the_history_as_on_the_page(api, admin, signed_in):
    client = api(admin)
    told = {"code": "own", "name": "自有", "connector": "webhook"}

    def send(method, path, data=None):
        return getattr(client, method)(f"/api/v1{path}", data, content_type="application/json")

    made = send("post", "/hooks", told).json()
    hook, path = Hook.objects.get(), f"/hooks/{made['id']}"
    assert changes(hook) == [("created", "admin")]
    send("put", path, {**told, "name": "论坛"})
    send("put", path, {**told, "name": "论坛"})  # nothing new: no line
    change = ConfigChange.objects.filter(section="hooks").latest("pk")
    assert change.changes == [{"field": "名称", "before": "自有", "after": "论坛"}]
    assert change.subject == str(Hook.objects.get())
    fresh = send("post", f"{path}/secret").json()["secret"]
    assert fresh.startswith("whsec_") and fresh != made["secret"]
    assert send("delete", f"{path}/secret").status_code == 204
    assert send("delete", f"{path}/secret").status_code == 204  # twice is once
    send("put", path, {**told, "name": "论坛", "enabled": False})
    done = [did for did, _by in changes(hook)]
    assert done == ["created", "changed", "issued", "revoked", "changed", "retired"]
    kept = str(list(ConfigChange.objects.values_list("changes", flat=True)))
    assert made["secret"] not in kept and fresh not in kept
    page = signed_in(admin).get(f"/console/hooks/{hook.pk}/").content.decode()
    assert "签发" in page and "吊销" in page


def test_that_a_program_changed_a_secret_is_told_and_the_secret_is_not(api, admin):
    fields = {"app_id": "wx1", "app_secret": "s1-first", "token": "t1", "aes_key": "a" * 43}
    told = {"code": "gzh", "name": "公众号", "connector": "wechat", "fields": fields}
    client = api(admin)
    made = client.post("/api/v1/hooks", told, content_type="application/json").json()
    told["fields"] = {"app_id": "wx1", "app_secret": "s2-second"}
    path = f"/api/v1/hooks/{made['id']}"
    assert client.put(path, told, content_type="application/json").status_code == 200
    change = ConfigChange.objects.filter(section="hooks").latest("pk")
    assert [one["after"][:4] for one in change.changes] == ["已设置（"]
    kept = str(list(ConfigChange.objects.values_list("changes", flat=True)))
    assert "s1-first" not in kept and "s2-second" not in kept


def test_what_is_refused_to_a_program_leaves_nothing(api, admin, manager):
    bad = {"code": "b", "name": "b", "connector": "wechat", "fields": {}}
    assert api(admin).post("/api/v1/hooks", bad, content_type="application/json").status_code == 422
    own = {"code": "own", "name": "自有", "connector": "webhook"}
    assert (
        api(manager).post("/api/v1/hooks", own, content_type="application/json").status_code == 403
    )
    assert not ConfigChange.objects.exists() and not Hook.objects.exists()


# --- what came in ------------------------------------------------------------------------------


def test_what_came_in_is_found_by_its_key_and_taken_again(signed_in, manager, hook):
    tell(hook, b"{", key="bad-1")
    tell(hook, message(), key="good-1")
    actions.take_due()
    client = signed_in(manager)
    page = client.get("/hooks/arrivals/").content.decode()
    assert "bad-1" in page
    assert "good-1" in page
    page = client.get("/hooks/arrivals/?state=failed&q=bad").content.decode()
    assert "bad-1" in page
    assert "good-1" not in page
    bad = Arrival.objects.get(key="bad-1")
    assert client.post(f"/hooks/arrivals/{bad.pk}/again/").status_code == 302
    bad.refresh_from_db()
    assert bad.state == "kept"
    assert client.post(f"/hooks/arrivals/{bad.pk}/again/").status_code == 409
    assert "没有符合条件的记录" in client.get("/hooks/arrivals/?q=none").content.decode()
    for odd in ("?before=x&hook=y&state=z", "?before=" + "9" * 40):
        assert client.get(f"/hooks/arrivals/{odd}").status_code == 200


def test_the_body_is_read_with_a_reason_that_stays(signed_in, manager, admin, hook):
    tell(hook, message(), key="k")
    arrival = Arrival.objects.get()
    path = f"/hooks/arrivals/{arrival.pk}/raw/"
    boss = signed_in(manager)
    assert boss.post(path, {"reason": "x"}).status_code == 422
    assert "电饭煲" in boss.post(path, {"reason": "核对格式"}).content.decode()
    kept = Export.objects.get(kind="arrival")
    assert (kept.by, kept.reason) == (manager, "核对格式")
    assert signed_in(admin).post(path, {"reason": "核对格式"}).status_code == 403
    assert Export.objects.count() == 1


def test_a_body_of_a_complaint_that_one_may_not_see_stays_closed(signed_in, hook, logistics):
    tell(hook, message())
    actions.take_due()
    arrival = Arrival.objects.get()
    stranger = person("other", "别组主管", "supervisor", teams=[logistics])
    from huiyin.journey.complaint.models import Complaint

    assert arrival.complaint_id
    Complaint.objects.filter(pk=arrival.complaint_id).update(restricted=True)
    assert not Complaint.objects.visible_to(stranger).filter(pk=arrival.complaint_id).exists()
    answer = signed_in(stranger).post(f"/hooks/arrivals/{arrival.pk}/raw/", {"reason": "看一看"})
    assert answer.status_code == 403


def test_many_are_paged_by_key_with_few_questions(
    signed_in, manager, hook, django_assert_max_num_queries
):
    for number in range(120):
        actions.keep(hook, f"k{number:03d}", b"{}")
    client = signed_in(manager)
    client.get("/hooks/arrivals/")
    with django_assert_max_num_queries(25):
        page = client.get("/hooks/arrivals/").content.decode()
    assert page.count('class="arrival card"') == 50
    found = re.search(r"before=(\d+)", page)
    assert found
    more = found[1]
    part = client.get(f"/hooks/arrivals/?before={more}", headers={"HX-Request": "true"})
    assert part.content.decode().count('class="arrival card"') == 50
    assert "k069" in part.content.decode()


def test_hostile_keys_and_errors_are_text(signed_in, manager, hook):
    actions.keep(hook, "<script>alert(1)</script>", b"<script>")
    page = signed_in(manager).get("/hooks/arrivals/").content.decode()
    assert "<script>alert(1)" not in page


def test_each_system_tells_how_it_is(signed_in, manager, admin, hook):
    tell(hook, b"{", key="bad")
    tell(hook, message(), key="waits")
    arrival = Arrival.objects.get(key="bad")
    Arrival.objects.filter(pk=arrival.pk).update(state="failed")
    page = signed_in(manager).get("/channels/").content.decode()
    assert "论坛" in page
    assert f"/hooks/arrivals/?hook={hook.pk}&amp;state=failed" in page
    assert f"/hooks/arrivals/?hook={hook.pk}&amp;state=kept" in page
    tested = signed_in(manager).post(f"/channels/hook-{hook.pk}/test/").content.decode()
    assert "只收不发" in tested
    assert f"/console/hooks/{hook.pk}/" in signed_in(admin).get("/channels/").content.decode()


def test_programs_list_and_take_again(api, manager, hook):
    tell(hook, b"{", key="bad")
    actions.take_due()
    client = api(manager)
    row = client.get("/api/v1/arrivals?state=failed").json()[0]
    assert (row["key"], row["hook"]) == ("bad", "forum")
    told = {"reason": "核对格式"}
    path = f"/api/v1/arrivals/{row['id']}"
    raw = client.post(f"{path}/raw", told, content_type="application/json")
    assert raw.json()["text"] == "{"
    assert client.post(f"{path}/again").json()["state"] == "kept"
    assert client.post(f"{path}/again").status_code == 409
