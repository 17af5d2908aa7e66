"""群体事件: one owner, many complaints, one progress, one notice to all; taken back as it was."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest

from huiyin.ground import moment
from huiyin.ground.customers.actions import Contact, find_or_create
from huiyin.ground.people.words import Role
from huiyin.ground.refusal import Invalid, NotPermitted, Refused
from huiyin.journey.clocks.models import Clock
from huiyin.journey.conversation.models import Letter, Message
from huiyin.journey.grouping import actions as grouping
from huiyin.journey.grouping import rules
from huiyin.journey.grouping.actions import About
from huiyin.journey.grouping.models import Copy, Incident, Membership
from huiyin.journey.intake.actions import register
from tests.conftest import person
from tests.grouping.test_merging import clocks, had_by, spine
from tests.roads import fresh, story
from tests.together import at_once

pytestmark = pytest.mark.django_db

TEXT = "{name}您好，{number}：顺达快递华东仓积压，预计周五前送到。"


@pytest.fixture
def incident(manager):
    return grouping.open_incident(About("顺达快递华东延误", region="华东"), by=manager)


def joined(incident, *complaints, by) -> list[Membership]:
    return [grouping.join(incident, fresh(one), by=by) for one in complaints]


def test_it_has_one_owner_who_may_be_somebody_else(manager, li, both):
    made = grouping.open_incident(About("顺达快递华东延误"), by=manager, owner=both)
    assert made.owner == both and "双主管" in made.entries.get().text
    with pytest.raises(NotPermitted, match="可以立群体事件"):
        grouping.open_incident(About("顺达快递华东延误"), by=li)
    with pytest.raises(Invalid, match="负责人要是"):
        grouping.open_incident(About("顺达快递华东延误"), by=manager, owner=li)
    with pytest.raises(Invalid, match="名称"):
        grouping.open_incident(About(" "), by=manager)


def test_a_member_keeps_everything_it_has(incident, mine, manager):
    one = mine()
    before = (spine(one), clocks(one), had_by(one))
    joined(incident, one, by=manager)
    assert (spine(one), clocks(one), had_by(one)) == before
    assert story(one)[-1] == "incident_joined"
    counted = Incident.objects.with_counts().get(pk=incident.pk)
    assert (counted.members, counted.unsettled) == (1, 1)


def test_in_one_incident_at_a_time(incident, mine, manager):
    one = mine()
    other = grouping.open_incident(About("另一个事件"), by=manager)
    joined(incident, one, by=manager)
    with pytest.raises(Refused, match="已经在这个群体事件里"):
        joined(incident, one, by=manager)
    with pytest.raises(Refused, match="已经在另一个群体事件里"):
        joined(other, one, by=manager)


def test_many_at_once_and_what_is_refused_stops_none(incident, mine, manager, make_complaint):
    ones = [mine() for _ in range(3)]
    gone = make_complaint(status="WDR")
    told = grouping.join_many(incident, [*ones, gone], by=manager)
    assert [bool(sentence) for sentence in told.values()] == [False, False, False, True]
    assert "已经结束" in told[gone.number]


def test_who_may_join_what(incident, mine, theirs, lead, li, both):
    with pytest.raises(NotPermitted, match="并入或移出"):
        joined(incident, mine(), by=li)
    joined(incident, mine(), by=lead)
    with pytest.raises(NotPermitted, match="并入或移出"):
        joined(incident, theirs(), by=lead)
    joined(incident, theirs(), by=both)


def test_seen_by_whoever_sees_a_member_or_everything(
    incident, mine, manager, li, sun, zhou, far_lead, both
):
    people = (manager, li, sun, zhou, far_lead, both)

    def seers():
        return {p.username for p in people if Incident.objects.visible_to(p).exists()}

    assert seers() == {"gao", "zhou"}
    joined(incident, mine(), by=manager)
    assert seers() == {"gao", "zhou", "li", "both"}


def test_taken_out_and_put_back_within_seven_days(incident, mine, manager, clock):
    with clock("2026-11-20 10:00"):
        one = mine()
        member = joined(incident, one, by=manager)[0]
    with clock("2026-11-21 10:00"):
        grouping.leave(member, by=manager, reason="是另一家快递")
        assert grouping.membership_of(one) is None and story(one)[-1] == "incident_left"
        with pytest.raises(Refused, match="已经移出"):
            grouping.leave(member, by=manager, reason="是另一家快递")
    with clock("2026-11-28 09:00"):
        grouping.put_back(member, by=manager)
        back = grouping.membership_of(one)
        assert back is not None
        assert (back.pk, back.at) == (member.pk, member.at)
        grouping.leave(back, by=manager, reason="是另一家快递")
    with clock("2026-12-06 09:00"), pytest.raises(Refused, match="已超过 7 天"):
        grouping.put_back(member, by=manager)


def test_put_back_not_when_it_is_elsewhere_meanwhile(incident, mine, manager):
    one = mine()
    member = joined(incident, one, by=manager)[0]
    grouping.leave(member, by=manager, reason="是另一家快递")
    joined(grouping.open_incident(About("另一个事件"), by=manager), one, by=manager)
    with pytest.raises(Refused, match="另一个群体事件"):
        grouping.put_back(member, by=manager)


def test_progress_and_finding_are_the_owners(incident, manager, both):
    grouping.enter(incident, by=manager, kind="progress", text="已加派车辆")
    grouping.enter(incident, by=manager, kind="finding", text="分拣线故障")
    assert Incident.objects.get(pk=incident.pk).finding == "分拣线故障"
    with pytest.raises(NotPermitted, match="可以推进"):
        grouping.enter(incident, by=both, kind="note", text="我也来写")
    for kind in ("change", "nothing"):
        with pytest.raises(Invalid):
            grouping.enter(incident, by=manager, kind=kind, text="伪造的变更")


def test_it_ends_with_a_finding_and_the_end_can_be_undone(incident, mine, manager, clock):
    joined(incident, mine(), by=manager)
    with pytest.raises(Refused, match="还没有联合结论"):
        grouping.finish(incident, by=manager, text="全部送到")
    grouping.enter(incident, by=manager, kind="finding", text="分拣线故障")
    with clock("2026-11-20 10:00"):
        grouping.finish(incident, by=manager, text="全部送到")
        for act in (
            lambda: joined(incident, mine(), by=manager),
            lambda: grouping.enter(incident, by=manager, kind="note", text="再写一条"),
            lambda: grouping.tell_all(incident, by=manager, text="再说一次", key=uuid.uuid4()),
            lambda: grouping.change(incident, About("换个名字"), by=manager),
        ):
            with pytest.raises(Refused, match="已经结束"):
                act()
    with clock("2026-11-28 10:00"), pytest.raises(Refused, match="已超过 7 天"):
        grouping.open_again(incident, by=manager)
    with clock("2026-11-26 10:00"):
        grouping.open_again(incident, by=manager)
        assert incident.memberships.lasting().count() == 1
        joined(incident, mine(), by=manager)


# --- the notice ------------------------------------------------------------------------------


def customer(n: int, **fields):
    email = f"c{n}@example.com" if fields.pop("mail", True) else ""
    return find_or_create(Contact(name=f"客户{n}", phone=f"1391234{n:04d}", email=email))


@pytest.fixture
def many(incident, mine, manager):
    """By mail, by telephone with and without an address, by chat, withdrawn, archived."""
    ones = [
        mine(customer=customer(1), channel="email"),
        mine(customer=customer(2), channel="phone"),
        mine(customer=customer(3, mail=False), channel="phone"),
        mine(customer=customer(4), channel="chat"),
    ]
    joined(incident, *ones, by=manager)
    gone = mine(customer=customer(5))
    joined(incident, gone, by=manager)
    type(gone).objects.filter(pk=gone.pk).update(status="WDR")
    return ones


def test_looked_at_before_nothing_is_sent(incident, many, manager):
    seen = grouping.previewed(incident, by=manager, text=TEXT)
    assert (seen.total, seen.by_mail, seen.written, seen.at_portal, seen.left_out) == (
        4,
        3,
        0,
        1,
        1,
    )
    assert seen.sample.startswith("客**您好，TS")
    assert not Copy.objects.exists() and not Message.objects.filter(kind="outbound").exists()


def test_each_gets_a_message_of_his_own_by_the_worker(incident, many, manager):
    notice = grouping.tell_all(incident, by=manager, text=TEXT, key=uuid.uuid4())
    assert not Message.objects.filter(kind="outbound").exists()
    assert grouping.send_copies() == 4
    assert grouping.send_copies() == 0
    for n, one in enumerate(many, 1):
        message = one.messages.get(kind="outbound")
        assert message.text == f"客户{n}您好，{one.number}：顺达快递华东仓积压，预计周五前送到。"
        assert "incident_told" in story(one)
    assert [one.messages.get(kind="outbound").channel for one in many] == [
        "email",
        "email",
        "portal",
        "email",
    ]
    assert Letter.objects.filter(purpose="reply").count() == 3
    progress = grouping.progress_of([notice])[notice.pk]
    assert (progress["told"], progress["by_email"], progress["waiting"]) == (4, 3, 0)


def test_it_is_no_first_response_of_a_person(incident, manager, li):
    one = register(
        by=li,
        channel="phone",
        contact=Contact(name="王芳", phone="13800138000"),
        text="上周买的电饭煲不加热，客服一直不处理。",
        category="PD.01.07",
        severity=3,
    )
    joined(incident, one, by=manager)
    grouping.tell_all(incident, by=manager, text=TEXT, key=uuid.uuid4())
    grouping.send_copies()
    assert Clock.objects.filter(complaint=one, kind="first_response", stopped_at=None).exists()


def test_sent_twice_it_is_one_notice(incident, many, manager):
    key = uuid.uuid4()
    first = grouping.tell_all(incident, by=manager, text=TEXT, key=key)
    assert grouping.tell_all(incident, by=manager, text=TEXT, key=key) == first
    assert Copy.objects.count() == 4
    with pytest.raises(Refused, match="另一份内容"):
        grouping.tell_all(incident, by=manager, text="别的话", key=key)


def test_english_customers_read_english(incident, mine, manager):
    who = customer(8)
    type(who).objects.filter(pk=who.pk).update(language="en")
    one, other = mine(customer=who), mine(customer=customer(9))
    joined(incident, one, other, by=manager)
    grouping.tell_all(
        incident, by=manager, text=TEXT, text_en="Dear {name}, {number} is late.", key=uuid.uuid4()
    )
    grouping.send_copies()
    assert one.messages.get(kind="outbound").text == f"Dear 客户8, {one.number} is late."
    assert other.messages.get(kind="outbound").text.startswith("客户9您好")


def test_some_at_each_look_so_that_nobody_waits_for_hundreds(incident, many, manager, monkeypatch):
    monkeypatch.setattr(rules, "COPIES_A_ROUND", 3)
    grouping.tell_all(incident, by=manager, text=TEXT, key=uuid.uuid4())
    assert [grouping.send_copies(), grouping.send_copies(), grouping.send_copies()] == [3, 1, 0]


def test_one_that_cannot_be_told_stops_none(incident, many, manager):
    notice = grouping.tell_all(incident, by=manager, text=TEXT, key=uuid.uuid4())
    type(many[0]).objects.filter(pk=many[0].pk).update(status="ARC")  # sealed meanwhile
    assert grouping.send_copies() == 4
    refused = Copy.objects.get(state="refused")
    assert refused.complaint == many[0] and "已归档" in refused.refusal
    assert grouping.progress_of([notice])[notice.pk]["told"] == 3
    assert not many[0].events.filter(what="incident_told").exists()


def test_only_whoever_runs_it_tells_all(incident, many, both, li):
    for nobody in (both, li):
        with pytest.raises(NotPermitted, match="可以推进"):
            grouping.tell_all(incident, by=nobody, text=TEXT, key=uuid.uuid4())
        with pytest.raises(NotPermitted):
            grouping.previewed(incident, by=nobody, text=TEXT)


@pytest.mark.django_db(transaction=True)
def test_four_workers_write_each_message_once(incident, many, manager):
    grouping.tell_all(incident, by=manager, text=TEXT, key=uuid.uuid4())
    results: list[Any] = at_once(*[grouping.send_copies] * 4)
    assert sum(results) == 4, results
    assert Message.objects.filter(kind="outbound").count() == 4


@pytest.mark.django_db(transaction=True)
def test_two_who_press_at_once_send_one_notice(incident, many, manager):
    key = uuid.uuid4()
    results = at_once(*[lambda: grouping.tell_all(incident, by=manager, text=TEXT, key=key)] * 2)
    assert results[0] == results[1] and Copy.objects.count() == 4


@pytest.mark.django_db(transaction=True)
def test_of_two_incidents_at_once_one_gets_it(incident, mine, manager):
    other = grouping.open_incident(About("另一个事件"), by=manager)
    one = mine()
    results = at_once(
        lambda: grouping.join(incident, fresh(one), by=manager),
        lambda: grouping.join(other, fresh(one), by=manager),
    )
    assert sum(isinstance(r, Refused) for r in results) == 1


# --- what may belong to it -------------------------------------------------------------------


def test_alike_open_ones_are_proposed_to_whoever_sees_them(incident, mine, theirs, manager, lead):
    text = "顺达快递十天没有送到，华东仓一直不更新物流"
    member, alike = mine(text=text), mine(text=text + "，急用")
    far = theirs(text=text + "，不要了")
    unlike = mine(text="吊灯开机就跳闸，要求退货", subject="吊灯")
    joined(incident, member, by=manager)
    proposed = {s.complaint.number for s in grouping.proposed(incident, by=manager)}
    assert proposed == {alike.number, far.number} and unlike.number not in proposed
    assert {s.complaint.number for s in grouping.proposed(incident, by=lead)} == {alike.number}


def test_a_later_moment_of_activity_brings_it_up(incident, mine, manager):
    before = incident.last_activity_at
    with moment.at(before + timedelta(hours=1)):
        joined(incident, mine(), by=manager)
    assert Incident.objects.get(pk=incident.pk).last_activity_at > before


def test_the_supervision_officer_runs_every_incident(incident, mine, manager):
    officer = person("du", "督办员", Role.SUPERVISION)
    joined(incident, mine(), by=officer)
    grouping.enter(incident, by=officer, kind="note", text="已过问")
    assert Incident.objects.visible_to(officer).open().count() == 1
