"""The panel, the split page, the incident pages and the API: who sees what, and that they act."""

from __future__ import annotations

import json
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from huiyin.journey.complaint.models import Complaint
from huiyin.journey.conversation.actions import add_evidence, customer_wrote
from huiyin.journey.grouping import actions as grouping
from huiyin.journey.grouping.actions import About
from huiyin.journey.grouping.models import Bond, Copy, Incident
from huiyin.surface.workbench.story import story
from tests.roads import fresh

pytestmark = pytest.mark.django_db

WHY = "同一批货，同样的故障"


def page(client, complaint) -> str:
    return client.get(f"/complaints/{complaint.number}/panels/grouping/").content.decode()


@pytest.fixture
def pair(mine, theirs, both):
    """A member of another team's customer, its master, and the bond."""
    member, master = theirs(), mine()
    bond = grouping.merge(member, into=master, by=both, reason=WHY)
    return fresh(member), fresh(master), bond


def test_with_nothing_to_say_the_panel_asks_once(mine, li, rf, django_assert_num_queries):
    from huiyin.ground.people.models import User
    from huiyin.journey.grouping.views import panel

    one = mine()
    request = rf.get("/")
    request.user = User.objects.get(pk=li.pk)
    assert request.user.team_ids
    with django_assert_num_queries(1):
        shown = panel(request, one)
    assert shown is not None and shown["may_link"]


def test_the_panel_is_left_out_where_there_is_nothing_to_say_and_nothing_to_do(mine, db, signed_in):
    from huiyin.ground.people.words import Role
    from tests.conftest import person

    officer = signed_in(person("visitor", "回访员", Role.VISITOR))
    one = mine()
    Complaint.objects.filter(pk=one.pk).update(status="FUV")
    answer = officer.get(f"/complaints/{one.number}/panels/grouping/")
    assert answer.status_code == 204


def test_each_side_is_shown_the_other_only_if_he_may_see_it(mine, theirs, both, li, sun, signed_in):
    a, b = mine(), theirs()
    grouping.link(a, to=b, by=both, nature="related", reason="都怪赵雷家的门铃")
    for client, here, other in ((signed_in(li), a, b), (signed_in(sun), b, a)):
        shown = page(client, here)
        whole = client.get(f"/complaints/{here.number}/").content.decode()
        late = client.get(f"/complaints/{here.number}/panels/").content.decode()
        for text in (shown, whole, late):
            assert other.number not in text and "门铃" not in text
    seen = page(signed_in(both), a)
    assert b.number in seen and "门铃" in seen


def test_the_story_names_the_other_with_a_link_to_whoever_sees_it(mine, theirs, both, li):
    a, b = mine(), theirs()
    grouping.link(a, to=b, by=both, nature="related", reason="同一个门店")
    lines = {
        r.username: [e for e in story(fresh(a), reader=r)[0] if e.icon == "link"]
        for r in (both, li)
    }
    assert b.number in lines["both"][0].text
    assert lines["both"][0].leads_to == f"/complaints/{b.number}/"
    assert (lines["li"][0].text, lines["li"][0].leads_to) == ("关联", "")


def test_the_api_tells_no_more_than_the_page(mine, theirs, both, li, api):
    a, b = mine(), theirs()
    grouping.link(a, to=b, by=both, nature="related", reason="同一个门店")
    got = api(li).get(f"/api/v1/complaints/{a.number}/group")
    assert got.json()["ties"] == []
    detail = api(li).get(f"/api/v1/complaints/{a.number}").content.decode()
    assert b.number not in detail and "门店" not in detail
    [tie] = api(both).get(f"/api/v1/complaints/{a.number}/group").json()["ties"]
    assert (tie["other"], tie["nature"], tie["can_be_undone"]) == (b.number, "related", True)


def test_linking_and_undoing_by_page(mine, li, signed_in):
    a, b = mine(), mine()
    client = signed_in(li)
    url = f"/complaints/{a.number}"
    assert (
        client.post(f"{url}/links/", {"other": b.number, "nature": "duplicate"}).status_code == 204
    )
    bond = Bond.objects.get()
    assert b.number in page(client, a) and a.number in page(client, b)
    assert client.post(f"{url}/bonds/{bond.pk}/undoing/").status_code == 204
    assert not Bond.objects.lasting().exists()


def test_a_bond_of_others_cannot_be_reached(pair, mine, both, li, far_lead, signed_in):
    member, master, bond = pair
    other = mine()
    client = signed_in(both)
    assert client.post(f"/complaints/{other.number}/bonds/{bond.pk}/undoing/").status_code == 404
    far = signed_in(far_lead)
    for number in (member.number, master.number):
        assert far.post(f"/complaints/{number}/bonds/{bond.pk}/undoing/").status_code == 404
    hidden = signed_in(li).post(f"/complaints/{master.number}/bonds/{bond.pk}/undoing/")
    assert hidden.status_code == 403
    assert Bond.objects.merges().count() == 1


def test_a_number_one_may_not_see_is_refused_like_one_that_does_not_exist(
    mine, theirs, lead, signed_in
):
    a, b = mine(), theirs()
    client = signed_in(lead)
    answers = [
        client.post(
            f"/complaints/{a.number}/merging/",
            {"other": n, "reason": WHY},
            headers={"HX-Request": "true"},
        )
        for n in (b.number, "TS1999-000001")
    ]
    assert {x.status_code for x in answers} == {422}
    assert len({x.headers.get("HX-Trigger") for x in answers}) == 1
    assert answers[0].content == answers[1].content


def test_merging_by_page_in_both_directions(mine, both, signed_in):
    a, b, c = mine(), mine(), mine()
    client = signed_in(both)
    form = {"reason": WHY, "direction": "into_other", "other": b.number.lower()}
    assert client.post(f"/complaints/{a.number}/merging/", form).status_code == 204
    form = {"reason": WHY, "direction": "into_this", "picked": c.number}
    assert client.post(f"/complaints/{b.number}/merging/", form).status_code == 204
    assert {fresh(one).status for one in (a, c)} == {"MRG"} and fresh(b).status == "HND"
    shown = page(client, b)
    assert a.number in shown and c.number in shown and "统一回复" in shown
    assert b.number in page(client, a)


def test_a_members_words_stand_in_the_panel_of_the_master_until_answered(pair, li, both, signed_in):
    member, master, bond = pair
    client = signed_in(li)
    customer_wrote(member, by=both, text="我的灯什么时候退？", channel="phone")
    assert "我的灯什么时候退？" in page(client, master)
    url = f"/complaints/{master.number}/bonds/{bond.pk}/answer/"
    assert client.post(url, {"text": "明天上门取件"}).status_code == 204
    assert "我的灯什么时候退？" not in page(client, master)
    assert member.messages.get(kind="outbound").text == "明天上门取件"
    assert not master.messages.filter(kind="outbound").exists()


def test_the_joint_reply_by_page_and_by_api(pair, li, signed_in, api):
    member, master, _bond = pair
    url = f"/complaints/{master.number}/joint-reply"
    assert signed_in(li).post(f"{url}/", {"text": "{name}您好"}).status_code == 204
    body = json.dumps({"text": "{number} 已换新"})
    answer = api(li).post(f"/api/v1{url}", body, "application/json")
    assert answer.status_code == 201 and len(answer.json()) == 2
    said = list(member.messages.filter(kind="outbound").values_list("text", flat=True))
    assert said == ["赵雷您好", f"{member.number} 已换新"]


def test_merging_and_undoing_by_api(mine, both, api):
    a, b = mine(), mine()
    caller = api(both)
    body = json.dumps({"into": b.number, "reason": WHY})
    answer = caller.post(f"/api/v1/complaints/{a.number}/merge", body, "application/json")
    assert (answer.status_code, answer.json()["status"]) == (200, "MRG")
    again = caller.post(f"/api/v1/complaints/{a.number}/merge", body, "application/json")
    assert again.status_code == 409 and "已经并入" in again.json()["detail"]
    pk = Bond.objects.get().pk
    undone = caller.post(
        f"/api/v1/complaints/{a.number}/bonds/{pk}/undoing", "{}", "application/json"
    )
    assert undone.json() == {"undone": True} and fresh(a).status == "HND"


def test_candidates_are_those_one_sees(mine, theirs, li, signed_in):
    text = "顺达快递十天没有送到，华东仓一直不更新物流"
    here, alike = mine(text=text), mine(text=text + "，急用")
    far = theirs(text=text + "，不要了")
    shown = signed_in(li).get(f"/complaints/{here.number}/candidates/").content.decode()
    assert alike.number in shown and far.number not in shown and here.number not in shown


def test_splitting_by_page_begins_with_what_the_text_proposes(mine, manager, li, signed_in):
    one = mine(text="电饭煲不加热，要求退款。我还要举报你们虚假宣传。", category="PD.01.07")
    kept = add_evidence(one, by=li, upload=SimpleUploadedFile("小票.txt", b"299"))
    client = signed_in(manager)
    assert "建议拆分" in page(client, one)
    shown = client.get(f"/complaints/{one.number}/splitting/").content.decode()
    assert "投诉和举报混在一起" in shown and "我还要举报你们虚假宣传。</textarea>" in shown
    form = {
        "text-0": "电饭煲不加热，要求退款。",
        "category-0": "PD.01.07",
        "severity-0": "3",
        "evidence-0": str(kept.uuid),
        "text-1": "举报虚假宣传。",
        "evidence-1": "not-a-uuid",
        "reason": "投诉和举报要分开",
    }
    answer = client.post(f"/complaints/{one.number}/splitting/", form)
    assert answer.status_code == 302 and answer["Location"] == f"/complaints/{one.number}/"
    assert Bond.objects.splits().count() == 2
    assert "已拆分为 2 件" in page(client, one)
    back = client.post(f"/complaints/{one.number}/unsplitting/", {"reason": "其实是一件事"})
    assert back.status_code == 204 and fresh(one).status == "HND"


def test_an_agent_is_told_that_he_may_not_split(mine, li, signed_in):
    one = mine()
    answer = signed_in(li).get(f"/complaints/{one.number}/splitting/")
    assert answer.status_code == 403


def test_splitting_by_api(mine, manager, api):
    one = mine()
    body = {"items": [{"text": "不加热"}, {"text": "客服骂人", "severity": 2}], "reason": "两件事"}
    url = f"/api/v1/complaints/{one.number}"
    answer = api(manager).post(f"{url}/splitting", json.dumps(body), "application/json")
    assert answer.status_code == 201
    assert [x["severity"] for x in answer.json()][1] in (1, 2)
    why = json.dumps({"reason": "其实是一件"})
    assert api(manager).post(f"{url}/unsplitting", why, "application/json").status_code == 200


# --- incidents


@pytest.fixture
def incident(manager):
    return grouping.open_incident(About("顺达快递华东延误", region="华东"), by=manager)


def test_nobody_else_finds_an_incident(incident, mine, manager, sun, li, both, signed_in, api):
    grouping.join(incident, mine(), by=manager)
    assert signed_in(sun).get(f"/incidents/{incident.pk}/").status_code == 404
    assert incident.title not in signed_in(sun).get("/incidents/").content.decode()
    assert api(sun).get("/api/v1/incidents").json() == []
    assert api(sun).get(f"/api/v1/incidents/{incident.pk}").status_code == 404
    for who in (li, both, manager):
        assert signed_in(who).get(f"/incidents/{incident.pk}/").status_code == 200


def test_its_page_lists_the_members_one_sees(incident, mine, theirs, manager, li, signed_in):
    here, far = mine(), theirs()
    for one in (here, far):
        grouping.join(incident, one, by=manager)
    shown = signed_in(li).get(f"/incidents/{incident.pk}/").content.decode()
    assert here.number in shown and far.number not in shown and "赵雷" not in shown
    assert "您能查看 1 件，共 2 件" in shown
    assert far.number in signed_in(manager).get(f"/incidents/{incident.pk}/").content.decode()


def test_a_page_of_many_members_asks_no_more(
    incident, mine, manager, signed_in, django_assert_max_num_queries
):
    for _n in range(60):
        grouping.join(incident, mine(), by=manager)
    client = signed_in(manager)
    client.get(f"/incidents/{incident.pk}/")
    with django_assert_max_num_queries(24):
        shown = client.get(f"/incidents/{incident.pk}/").content.decode()
    assert shown.count('class="incident__more"') == 1
    after = shown.split("after=")[1].split('"')[0]
    more = client.get(f"/incidents/{incident.pk}/?part=members&after={after}").content.decode()
    assert more.count("<li>") == 10


def test_opened_from_a_complaint_it_has_its_first_member(mine, manager, signed_in):
    one = mine()
    client = signed_in(manager)
    answer = client.post("/incidents/new/", {"title": "顺达快递华东延误", "number": one.number})
    made = Incident.objects.get()
    assert answer["Location"] == f"/incidents/{made.pk}/"
    member = grouping.membership_of(one)
    assert member is not None and member.incident == made
    assert made.title in page(client, one)


def test_joining_by_hand_and_from_the_queue(incident, mine, theirs, manager, lead, signed_in):
    a, b, far = mine(), mine(), theirs()
    client = signed_in(manager)
    numbers = f"{a.number}， {b.number.lower()} TS1999-000001"
    client.post(f"/incidents/{incident.pk}/members/", {"numbers": numbers})
    assert incident.memberships.count() == 2
    more = [mine(), mine()]
    form = {"incident": incident.pk, "number": [*(o.number for o in more), far.number]}
    results = signed_in(lead).post("/incidents/joining/", form).json()["results"]
    assert [one["done"] for one in results] == [True, True, False]
    assert results[2]["sentence"] == "没有找到，或者您无权查看"
    assert incident.memberships.count() == 4


def test_joined_from_its_own_page_it_stays_open(incident, mine, manager, signed_in):
    one, client = mine(), signed_in(manager)
    form = {"from": "complaint", "numbers": one.number}
    url = f"/incidents/{incident.pk}/members/"
    assert client.post(url, form).status_code == 204
    assert incident.title in page(client, one)
    again = client.post(url, form, headers={"HX-Request": "true"})
    assert again.status_code == 409
    member = grouping.membership_of(one)
    assert member is not None
    out = {"from": "complaint", "reason": "是另一家快递"}
    assert client.post(f"{url}{member.pk}/leaving/", out).status_code == 204
    assert incident.title in page(client, one)  # among those it may join again


def test_told_by_page_once_however_often_it_is_pressed(incident, mine, manager, both, signed_in):
    grouping.join(incident, mine(), by=manager)
    client, url = signed_in(manager), f"/incidents/{incident.pk}/notices"
    form = {"text": "{name}您好，{number} 周五前送到。", "key": str(uuid.uuid4())}
    shown = client.post(f"{url}/preview/", form).content.decode()
    assert "王*您好，TS" in shown and form["key"] in shown and not Copy.objects.exists()
    for _twice in range(2):
        assert client.post(f"{url}/", form).status_code == 302
    assert Copy.objects.count() == 1
    notice = incident.notices.get()
    assert "every 3s" in client.get(f"{url}/{notice.pk}/").content.decode()
    grouping.send_copies()
    done = client.get(f"{url}/{notice.pk}/").content.decode()
    assert "every 3s" not in done and "已告知 1 / 1" in done
    assert signed_in(both).post(f"{url}/", form).status_code == 403


def test_taken_out_put_back_written_ended_and_opened_by_page(incident, mine, manager, signed_in):
    member = grouping.join(incident, mine(), by=manager)
    client, url = signed_in(manager), f"/incidents/{incident.pk}"
    client.post(f"{url}/members/{member.pk}/leaving/", {"reason": "是另一家快递"})
    assert "最近移出 1 件" in client.get(f"{url}/").content.decode()
    client.post(f"{url}/members/{member.pk}/putting-back/")
    client.post(f"{url}/entries/", {"kind": "finding", "text": "分拣线故障"})
    client.post(f"{url}/ending/", {"text": "全部送到"})
    assert Incident.objects.get().state == "ended"
    assert "重新打开" in client.get(f"{url}/").content.decode()
    client.post(f"{url}/reopening/")
    assert Incident.objects.get().state == "open"
    client.post(f"{url}/", {"title": "顺达快递全国延误", "owner": manager.pk})
    assert Incident.objects.get().title == "顺达快递全国延误"


def test_the_whole_of_an_incident_by_api(mine, manager, both, api):
    one, caller = mine(), api(manager)

    def post(path, body):
        return caller.post(f"/api/v1{path}", json.dumps(body), "application/json")

    made = post("/incidents", {"title": "顺达快递华东延误", "owner": "both"})
    assert (made.status_code, made.json()["owner"]) == (201, "both")
    url = f"/incidents/{made.json()['id']}"
    assert post(f"{url}/members", {"numbers": [one.number, "TS1999-000001"]}).json() == [
        {"number": one.number, "refusal": ""}
    ]
    [member] = caller.get(f"/api/v1{url}/members").json()
    assert member["complaint"] == one.number
    assert post(f"{url}/entries", {"kind": "finding", "text": "分拣线故障"}).status_code == 201
    assert post(f"{url}/notices/preview", {"text": "{number}"}).json()["sample"] == one.number
    key = str(uuid.uuid4())
    for _twice in range(2):
        told = post(f"{url}/notices", {"text": "周五前送到", "key": key})
        assert (told.status_code, told.json()["total"]) == (201, 1)
    grouping.send_copies()
    [notice] = caller.get(f"/api/v1{url}/notices").json()
    assert (notice["told"], notice["waiting"]) == (1, 0)
    assert post(f"{url}/members/{member['id']}/leaving", {"reason": "误入"}).json() == {
        "left": True
    }
    assert post(f"{url}/members/{member['id']}/putting-back", {}).json() == {"left": False}
    changed = caller.patch(f"/api/v1{url}", json.dumps({"title": "全国延误"}), "application/json")
    assert changed.json()["title"] == "全国延误"
    assert post(f"{url}/ending", {"text": "全部送到"}).json()["state"] == "ended"
    assert caller.get("/api/v1/incidents").json() == []
    assert post(f"{url}/reopening", {}).json()["state"] == "open"


def test_nothing_odd_in_an_address_breaks_a_page(manager, signed_in):
    client = signed_in(manager)
    for path in (
        "/incidents/?before=" + "9" * 40,
        "/incidents/?before=x",
        "/incidents/999999999/",
    ):
        assert client.get(path).status_code in (200, 404), path
    form = {"incident": "9" * 40, "number": "TS1"}
    assert client.post("/incidents/joining/", form).status_code == 404
