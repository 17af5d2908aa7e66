"""回避: whoever is accused or has an interest sees the complaint on no path and never gets it."""

from __future__ import annotations

import asyncio
from functools import partial

import pytest

from huiyin.ground.people.models import User
from huiyin.ground.people.words import Role
from huiyin.ground.refusal import Invalid, NotPermitted, Refused
from huiyin.journey.complaint.actions import bar, restrict, unbar
from huiyin.journey.complaint.events import run_later
from huiyin.journey.complaint.models import Complaint, ComplaintAccess
from huiyin.journey.complaint.words import Sight, Status, What
from huiyin.journey.conversation.actions import note
from huiyin.journey.routing.actions import dispatch, hand_over, take
from huiyin.surface.notices.models import Notice
from tests import test_every_door as doors
from tests.conftest import person
from tests.doors import DOORS, Complaints
from tests.roads import assigned, fresh, story
from tests.together import at_once

pytestmark = pytest.mark.django_db

WHY = "是被投诉的当事人"


@pytest.fixture
def complaint(make_complaint, after_sales, li):
    return assigned(make_complaint, after_sales, li)


@pytest.fixture
def mate(after_sales):
    return person("mate", "赵琳", Role.AGENT, teams=[after_sales])


@pytest.fixture
def du(db):
    return person("du", "杜衡", Role.SUPERVISION)


def sees(user: User, complaint: Complaint) -> bool:
    return (
        Complaint.objects.visible_to(User.objects.get(pk=user.pk)).filter(pk=complaint.pk).exists()
    )


def test_who_is_barred_sees_it_no_more_and_what_he_had_is_in_the_pool(complaint, chen, li, mate):
    bar(complaint, by=chen, person=li, reason=WHY)
    now = fresh(complaint)
    assert not sees(li, complaint) and sees(mate, complaint)  # the pool is for the others
    assert (now.assignee, now.team, now.status) == (None, complaint.team, Status.HND)
    assert not now.assignments.current().exists()
    event = complaint.events.get(what=What.BARRED)
    assert event.by == chen
    assert event.facts == {"name": "李明", "person": li.pk, "reason": WHY, "own": False}
    assert story(complaint)[-2:] == [What.BARRED, What.RETURNED]
    take(now, by=mate)
    assert (now.assignee, now.status) == (mate, Status.HND)


def test_lead_and_supervisor_are_told_that_nobody_works_on_it(complaint, chen, li, manager):
    bar(complaint, by=manager, person=li, reason=WHY)
    run_later(complaint.events.get(what=What.RETURNED).pk)
    assert list(Notice.objects.values_list("user__username", flat=True)) == ["chen"]


def test_what_was_not_signed_for_yet_waits_for_a_dispatch_again(
    make_complaint, after_sales, chen, li
):
    complaint = make_complaint(team=after_sales, status="TRI")
    dispatch(complaint, by=chen, team=after_sales, to=li)
    bar(complaint, by=chen, person=li, reason=WHY)
    assert (fresh(complaint).status, fresh(complaint).assignee) == (Status.TRI, None)


def test_anybody_may_stand_aside_himself(complaint, li):
    bar(complaint, by=li, person=li, reason="客户是我亲戚")
    assert not sees(li, complaint)
    assert complaint.events.get(what=What.BARRED).facts["own"] is True


def test_nobody_gives_it_to_him_by_hand_or_by_rule(complaint, chen, li, mate, after_sales):
    bar(complaint, by=chen, person=mate, reason="与客户有亲属关系")
    for give in (
        lambda: dispatch(complaint, by=chen, team=after_sales, to=mate),
        lambda: hand_over(complaint, by=li, to=mate, note="请接手"),
    ):
        with pytest.raises(Invalid, match="赵琳 应当回避"):
            give()
    bar(complaint, by=chen, person=li, reason=WHY)
    wu = person("wu", "吴越", Role.AGENT, teams=[after_sales])
    dispatch(fresh(complaint), by=chen, team=after_sales)  # to the least loaded who may
    assert fresh(complaint).assignee == wu


def test_the_manager_the_watchers_and_a_stranger_are_barred_alike(complaint, chen, manager, du):
    bar(complaint, by=chen, person=manager, reason=WHY)
    assert not sees(manager, complaint) and sees(du, complaint)
    with pytest.raises(NotPermitted, match="督办员、隐私官和法务的回避"):
        bar(complaint, by=chen, person=du, reason="不想让督办员看")
    bar(complaint, by=du, person=du, reason="本人认识客户")
    assert not sees(du, complaint)


@pytest.mark.parametrize("who", ["li", "mate", "zhou", "sun"])
def test_who_may_not_bar_others_is_told_so(who, complaint, request, chen):
    with pytest.raises(NotPermitted, match="可以要求别人回避"):
        bar(complaint, by=request.getfixturevalue(who), person=chen, reason=WHY)
    with pytest.raises(NotPermitted, match="可以要求别人回避"):
        unbar(complaint, by=request.getfixturevalue(who), person=chen, reason=WHY)


def test_the_reason_gone_he_sees_again_what_he_may(complaint, chen, mate, manager):
    bar(complaint, by=chen, person=manager, reason=WHY)
    with pytest.raises(Refused, match="已经在回避名单里"):
        bar(complaint, by=chen, person=manager, reason=WHY)
    unbar(complaint, by=chen, person=manager, reason="核实后与他无关")
    assert sees(manager, complaint)
    with pytest.raises(Refused, match="没有回避"):
        unbar(complaint, by=chen, person=manager, reason="再解除一次")
    assert story(complaint)[-2:] == [What.BARRED, What.UNBARRED]


@pytest.mark.parametrize("reason", ["", " 嗯 ", "\x00\x00\x00\x00"])
def test_without_a_reason_nothing_changes(reason, complaint, chen, li):
    with pytest.raises(Invalid, match="请写明理由"):
        bar(complaint, by=chen, person=li, reason=reason)
    assert sees(li, complaint) and not complaint.access.exists()


def test_the_named_lose_their_name_and_the_barred_cannot_be_named(complaint, chen, zhou):
    restrict(complaint, by=chen, people=[zhou], reason="涉及个人信息")
    bar(complaint, by=chen, person=zhou, reason=WHY)
    assert not sees(zhou, complaint)
    with pytest.raises(Invalid, match="应当回避"):
        restrict(complaint, by=chen, people=[zhou], reason="再列入名单试试")
    assert ComplaintAccess.objects.get(user=zhou).sight == Sight.BARRED


def test_no_notice_reaches_him_and_the_old_ones_are_gone(complaint, chen, li, signed_in, api):
    note(complaint, by=chen, text="请今天回电")
    dispatch_event = complaint.events.first()
    Notice.objects.create(
        user=li, complaint=complaint, event=dispatch_event, text="旧通知 秘密", at=dispatch_event.at
    )
    assert "旧通知" in signed_in(li).get("/notices/bell/").content.decode()
    bar(complaint, by=chen, person=li, reason=WHY)
    assert "旧通知" not in signed_in(li).get("/notices/bell/").content.decode()
    assert api(li).get("/api/v1/notices").json() == []
    for event in complaint.events.all():
        run_later(event.pk)
    assert Notice.objects.filter(user=li).count() == 1


def test_no_list_count_search_or_export_shows_it(complaint, chen, manager, signed_in, api):
    bar(complaint, by=chen, person=manager, reason=WHY)
    page, program = signed_in(manager), api(manager)
    for path in ("/queue/?view=open", "/queue/?q=电饭煲", "/palette/?q=电饭煲", "/board/"):
        assert complaint.number not in page.get(path).content.decode(), path
    assert signed_in(chen).get("/queue/counts/").json()["open"] == "1"
    assert page.get("/queue/counts/").json()["open"] == ""
    assert program.get("/api/v1/complaints?q=电饭煲").json()["items"] == []
    customer = page.get(f"/customers/{complaint.customer_id}/").content.decode()
    assert complaint.number not in customer


def test_every_door_of_the_complaint_is_shut_for_him(complaint, chen, manager, signed_in, api):
    """A manager has an open page, an old link, a program: all answer as if it did not exist."""
    bar(complaint, by=chen, person=manager, reason=WHY)
    page, program = signed_in(manager), api(manager)
    tried = 0
    for name, door in DOORS.items():
        if not isinstance(door, Complaints):
            continue
        route = doors.ROUTES.get(name) or doors.OPERATIONS[name]
        url = doors.filled(route.path, complaint.number, 999999)
        methods = door.methods if name in doors.ROUTES else (name.split(" ")[0],)
        for method in methods:
            client = page if name in doors.ROUTES else program
            status = doors.asked(client, method, url)
            assert status in (404, 422) if client is program else status == 404, (method, url)
            tried += 1
    assert tried > 60


def test_his_open_page_hears_no_more_of_it(complaint, chen, li):
    """The live stream asks again before it says that something happened."""
    from huiyin.journey.complaint import live

    watched = live._watched(li, complaint.number)
    assert watched == complaint.pk

    async def heard(allowed: bool) -> list[str]:
        async def still() -> bool:
            return allowed

        stream = live._events(watched, still)
        assert await anext(stream) == "retry: 2000\n\n"
        queue = next(iter(live.hub.queues))
        queue.put_nowait(complaint.pk)
        told: list[str] = []
        while not any("queue" in line for line in told):
            told.append(await anext(stream))
        await stream.aclose()
        return told

    async def both() -> tuple[list[str], list[str]]:
        return await heard(True), await heard(False)

    live.hub.listener = None
    open_eyes, shut_eyes = asyncio.run(both())
    assert any("event: complaint" in line for line in open_eyes)
    assert not any("event: complaint" in line for line in shut_eyes)
    bar(complaint, by=chen, person=li, reason=WHY)
    assert live._watched(User.objects.get(pk=li.pk), complaint.number) is None


def test_page_and_program_bar_and_unbar(complaint, chen, li, mate, signed_in, api):
    page = f"/complaints/{complaint.number}/restriction"
    answer = signed_in(chen).post(f"{page}/barring/", {"person": mate.pk, "reason": WHY})
    assert answer.status_code == 204 and not sees(mate, complaint)
    shown = signed_in(chen).get(f"/complaints/{complaint.number}/panels/sight/").content.decode()
    assert "赵琳" in shown and WHY in shown
    assert (
        signed_in(chen).post(f"{page}/unbarring/", {"person": mate.pk, "reason": WHY}).status_code
        == 204
    )
    program, json = f"/api/v1{page}", "application/json"
    body = {"person": "mate", "reason": WHY}
    assert (
        api(chen).post(f"{program}/barring", body, content_type=json).json()[0]["person"] == "mate"
    )
    assert [one["by"] for one in api(chen).get(f"{program}/barring").json()] == ["chen"]
    assert api(chen).post(f"{program}/unbarring", body, content_type=json).status_code == 201
    answer = signed_in(li).post(f"{page}/barring/", {"reason": "客户是我亲戚"})
    assert answer["HX-Redirect"] == "/"  # he has nothing to see there any more
    assert not sees(li, complaint)


def _given(complaint, by, team, to):
    dispatch(fresh(complaint), by=by, team=team, to=to)


def _barred(complaint, by, person):
    bar(fresh(complaint), by=by, person=person, reason=WHY)


@pytest.mark.django_db(transaction=True)
def test_of_a_dispatch_and_a_barring_at_once_the_barred_never_ends_with_it(
    make_complaint, after_sales, chen, li, manager
):
    for _turn in range(4):
        complaint = make_complaint(team=after_sales, status="TRI")
        at_once(
            partial(_given, complaint, chen, after_sales, li),
            partial(_barred, complaint, manager, li),
        )
        assert fresh(complaint).assignee is None


@pytest.mark.django_db(transaction=True)
def test_of_two_who_bar_at_once_one_is_told_so(make_complaint, after_sales, chen, li, manager):
    complaint = make_complaint(team=after_sales, status="TRI")
    results = at_once(
        lambda: bar(fresh(complaint), by=chen, person=li, reason=WHY),
        lambda: bar(fresh(complaint), by=manager, person=li, reason=WHY),
    )
    assert sum(isinstance(r, Refused) for r in results) == 1
    assert story(complaint) == [What.BARRED]
