"""What customers read at the portal of merges, splits, incidents: their own matter, no one else."""

from __future__ import annotations

import pytest
from django.test import Client

from huiyin.journey.complaint.events import run_later
from huiyin.journey.complaint.models import Event
from huiyin.journey.conversation.actions import reply
from huiyin.journey.grouping import actions as grouping
from huiyin.journey.grouping.actions import About, Item
from huiyin.journey.intake.rules import spoken_code
from huiyin.journey.routing import actions as routing
from huiyin.surface.notices.models import Notice
from tests.roads import FOUND, find, fresh

pytestmark = pytest.mark.django_db


@pytest.fixture
def at_portal():
    """`at_portal(complaint)`: the page as its customer reads it."""

    def opened(complaint) -> tuple[Client, str]:
        client = Client()
        typed = {"number": complaint.number, "code": complaint.tracking_code}
        assert client.post("/portal/follow/", typed).status_code == 302
        return client, client.get(f"/portal/complaints/{complaint.number}/").content.decode()

    return opened


def test_a_member_hears_how_the_matter_goes_and_nothing_of_the_others(
    mine, theirs, both, li, at_portal
):
    member, master = theirs(), mine()
    reply(fresh(master), by=li, text="王女士，您的 298 元已退", channel="phone")
    grouping.merge(fresh(member), into=fresh(master), by=both, reason="同一批货的王芳也投诉")
    find(fresh(master), by=li, **FOUND)
    reply(fresh(master), by=li, text="王女士，再退您 50 元，明天到账", channel="phone")
    _client, shown = at_portal(member)
    assert "和同类问题一起办理" in shown and "情况已经核实" in shown
    assert "处理中" in shown
    for text in (master.number, "298", "50 元", "王芳", "王女士", "我们回复了您", FOUND["facts"]):
        assert text not in shown, text


def test_the_customer_of_the_master_hears_of_no_members(mine, theirs, both, at_portal):
    member, master = theirs(), mine()
    grouping.merge(fresh(member), into=fresh(master), by=both, reason="同一批货")
    _client, shown = at_portal(master)
    for text in (member.number, "赵雷", "同类问题", "同一批货", "吊灯"):
        assert text not in shown, text


def test_a_member_may_still_urge_add_and_ask_for_somebody_above(
    mine, theirs, both, li, chen, at_portal
):
    member, master = theirs(), mine()
    grouping.merge(fresh(member), into=fresh(master), by=both, reason="同一批货")
    client, shown = at_portal(member)
    assert "催办" in shown
    url = f"/portal/complaints/{member.number}"
    assert client.post(f"{url}/urges/").status_code == 302
    assert client.post(f"{url}/messages/", {"text": "还没有人联系我"}).status_code == 302
    assert client.post(f"{url}/escalations/").status_code == 302
    for pk in Event.objects.values_list("pk", flat=True):
        run_later(pk)
    told = Notice.objects.filter(complaint=member, user=li).values_list("event__what", flat=True)
    assert {"urged", "customer_wrote"} <= set(told)
    assert Notice.objects.filter(complaint=member, user=chen, event__what="escalated").exists()


def test_undone_the_customer_reads_that_it_goes_on_by_itself(mine, theirs, both, at_portal):
    member, master = theirs(), mine()
    bond = grouping.merge(fresh(member), into=fresh(master), by=both, reason="同一批货")
    grouping.unmerge(bond, by=both)
    _client, shown = at_portal(member)
    assert "恢复单独办理" in shown
    _client, shown = at_portal(master)
    assert "恢复单独办理" not in shown


def test_the_whole_shows_each_item_with_number_code_and_state(mine, manager, at_portal):
    whole = mine()
    items = [Item("电饭煲不加热，要退款"), Item("客服骂人，要道歉")]
    made = grouping.split(fresh(whole), items=items, by=manager, reason="两件事")
    client, shown = at_portal(whole)
    for one in made:
        assert one.number in shown and one.subject in shown
        assert spoken_code(one.tracking_code) in shown
        assert client.get(f"/portal/complaints/{one.number}/").status_code == 302  # its own code
    _client, shown = at_portal(made[0])
    assert whole.number not in shown and made[1].number not in shown


def test_an_incident_tells_its_members_what_is_public_and_no_more(mine, theirs, manager, at_portal):
    one, other, out = mine(), theirs(), mine()
    incident = grouping.open_incident(About("顺达快递华东延误"), by=manager)
    for c in (one, other, out):
        grouping.join(incident, fresh(c), by=manager)
    membership = grouping.membership_of(out)
    assert membership is not None
    grouping.leave(membership, by=manager, reason="是另一家")
    grouping.enter(incident, by=manager, kind="note", text="供应商说要赔三万")
    grouping.enter(incident, by=manager, kind="progress", text="已加派车辆 <b>周五</b> 前送到")
    grouping.enter(incident, by=manager, kind="finding", text="分拣线故障")
    for member in (one, other):
        _client, shown = at_portal(member)
        assert "已加派车辆 &lt;b&gt;周五" in shown
        for text in ("三万", "分拣线", "顺达快递华东延误", "高远", other.number, one.number):
            assert text == member.number or text not in shown, text
    _client, shown = at_portal(out)
    assert "已加派车辆" not in shown


def test_waiting_words_still_come_from_ones_own_clock(mine, both, li, manager, at_portal, clock):
    from huiyin.journey.intake.actions import Contact, register

    with clock("2026-11-25 10:00"):
        member = register(
            by=li,
            channel="phone",
            contact=Contact(name="赵雷", phone="13911112222"),
            text="上周买的电饭煲不加热，客服一直不处理。",
            category="PD.01.07",
            severity=3,
        )
        routing.dispatch(member, by=manager, team=mine().team, to=li, note="")
        routing.accept(fresh(member), by=li)
        grouping.merge(fresh(member), into=mine(), by=both, reason="同一批货")
        _client, shown = at_portal(member)
        assert "下一次告诉您进展" in shown
