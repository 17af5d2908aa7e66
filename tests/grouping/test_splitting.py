"""拆分: one matter, one item, from the moment of the original receipt; evidence stored once."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from huiyin.ground import moment
from huiyin.ground.people.words import Role
from huiyin.ground.refusal import Invalid, NotPermitted, Refused
from huiyin.journey.closure import actions as closure
from huiyin.journey.complaint.models import Complaint, ComplaintAccess
from huiyin.journey.complaint.words import Sight, Status
from huiyin.journey.conversation.actions import add_evidence, note, reply
from huiyin.journey.conversation.models import Evidence, Letter
from huiyin.journey.grouping import actions as grouping
from huiyin.journey.grouping import rules
from huiyin.journey.grouping.actions import Item
from huiyin.journey.grouping.models import Bond
from huiyin.journey.grouping.words import SplitReason
from huiyin.journey.intake.actions import Circumstances, Contact, register
from huiyin.journey.routing import actions as routing
from tests.conftest import person
from tests.grouping.test_merging import clocks, had_by, spine, worker
from tests.roads import FOUND, carry_out, close, feed_back, find, fresh, story
from tests.together import at_once

pytestmark = pytest.mark.django_db

TEXT = "电饭煲用了三天就不加热，要求退款。另外我要举报你们虚假宣传，页面写的是纯铜内胆。"
ITEMS = (
    Item("电饭煲用了三天就不加热，要求退款。", wanted="退款", category="PD.01.07", severity=3),
    Item("举报虚假宣传，页面写的是纯铜内胆。", wanted="查处"),
)
WHY = "投诉和举报要分开办理"


@pytest.fixture
def whole(li, manager, after_sales):
    """Registered by telephone, in 处理中 with 小李."""
    found = register(
        by=li,
        channel="phone",
        contact=Contact(name="王芳", phone="13800138000", email="wf@example.com"),
        text=TEXT,
        order_no="D20261120001",
        category="PD.01.07",
        severity=3,
        around=Circumstances(concerning="华东仓、顺达快递"),
    )
    routing.dispatch(found, by=manager, team=after_sales, to=li, note="")
    routing.accept(fresh(found), by=li)
    return fresh(found)


def split(whole, by, items=ITEMS) -> list[Complaint]:
    return grouping.split(fresh(whole), items=items, by=by, reason=WHY)


def test_each_item_is_a_complaint_of_its_own_from_the_original_receipt(whole, manager, li, clock):
    with moment.at(whole.received_at + timedelta(days=2)):
        a, b = (fresh(one) for one in split(whole, manager))
    assert len({a.number, b.number, whole.number}) == 3
    assert {a.customer, b.customer} == {whole.customer}
    assert (a.order_no, a.category, a.wanted) == (whole.order_no, "PD.01.07", "退款")
    assert a.received_at == b.received_at == whole.received_at
    assert a.tracking_code != b.tracking_code
    for one in (a, b):
        resolution = one.clocks.get(kind="resolution")
        assert resolution.started_at == whole.received_at
        assert one.text == one.messages.get().text and "split" in story(one)
    assert fresh(whole).status == "MRG" and story(whole)[-1] == "split"
    ends = [(t.words, t.complaint.number) for t in grouping.ties(manager, whole)]
    assert ends == [("拆出", a.number), ("拆出", b.number)]
    assert [t.words for t in grouping.ties(manager, a)] == ["拆自"]


def test_the_customer_gets_number_and_code_of_each(whole, manager):
    a, b = split(whole, manager)
    worker()
    for one in (a, b):
        letter = Letter.objects.get(complaint=one, purpose="received")
        assert one.number in letter.body and letter.recipient == "wf@example.com"


def test_evidence_is_stored_once(whole, manager, li, settings):
    upload = SimpleUploadedFile("小票.txt", "金额 299 元".encode())
    kept = add_evidence(whole, by=li, upload=upload)
    add_evidence(whole, by=li, upload=SimpleUploadedFile("无关.txt", b"x" * 9))
    before = sorted(p for p in Path(settings.EVIDENCE_DIR).rglob("*") if p.is_file())
    items = [Item(one.text, evidence=[str(kept.uuid)]) for one in ITEMS]
    a, b = split(whole, manager, items)
    rows = Evidence.objects.filter(complaint__in=(a, b))
    assert {row.path for row in rows} == {kept.path} and len(rows) == 2
    assert {row.sha256 for row in rows} == {kept.sha256}
    assert len({row.uuid for row in rows} | {kept.uuid}) == 3
    assert sorted(p for p in Path(settings.EVIDENCE_DIR).rglob("*") if p.is_file()) == before


def test_files_of_others_cannot_be_pulled_in(whole, manager, mine, li):
    other = mine()
    kept = add_evidence(other, by=li, upload=SimpleUploadedFile("别人的.txt", b"secret"))
    a, _b = split(whole, manager, [Item(one.text, evidence=[str(kept.uuid)]) for one in ITEMS])
    assert not a.evidence.exists()


def test_who_may_not_and_when_not(whole, li, mine, manager, make_complaint, after_sales, both):
    with pytest.raises(NotPermitted, match="可以拆分"):
        split(whole, li)  # an agent
    for items in (ITEMS[:1], ITEMS * 4, (ITEMS[0], Item("  "))):
        with pytest.raises(Invalid):
            split(whole, manager, items)
    assert fresh(whole).status == "HND" and not Bond.objects.exists()
    with pytest.raises(Invalid, match="没有这个类别"):
        split(whole, manager, (ITEMS[0], Item("别的事", category="XX.99.99")))
    assert fresh(whole).status == "HND" and Complaint.objects.count() == 1
    for status in ("CLO", "WDR", "EXE", "MRG"):
        with pytest.raises(Refused):
            split(make_complaint(team=after_sales, status=status), manager)
    master = mine()
    grouping.merge(mine(), into=master, by=both, reason="同一批货")
    with pytest.raises(Refused, match="已有投诉并入"):
        split(master, manager)
    item = split(whole, manager)[0]
    with pytest.raises(Refused, match="本身是拆出来的"):
        split(item, manager)


def test_the_circle_of_those_who_see_it_stays_as_small(whole, manager, li, both, sun, zhou):
    officer = person("officer", "隐私官", Role.PRIVACY)
    Complaint.objects.filter(pk=whole.pk).update(restricted=True)
    for user, sight in ((manager, Sight.NAMED), (zhou, Sight.BARRED)):
        ComplaintAccess.objects.create(
            complaint=whole, user=user, sight=sight, by=officer, at=moment.now()
        )
    for one in split(whole, manager):
        one = fresh(one)
        assert one.restricted
        seen = {
            u.username
            for u in (manager, officer, zhou, both, sun)
            if Complaint.objects.visible_to(u).filter(pk=one.pk).exists()
        }
        assert seen == {"gao", "officer"}


def test_undone_the_items_are_void_and_the_original_is_as_it_was(whole, manager, clock):
    before = (spine(whole), clocks(whole), had_by(whole))
    a, b = split(whole, manager)
    note(fresh(a), by=manager, text="先看看")
    grouping.unsplit(fresh(whole), by=manager, reason="其实是一件事")
    assert (spine(whole), clocks(whole), had_by(whole)) == before
    for one in (a, b):
        assert fresh(one).status == "CAN" and clocks(one) == []
    assert story(whole)[-1] == "split_undone"
    with pytest.raises(Refused, match="没有拆分"):
        grouping.unsplit(fresh(whole), by=manager, reason="再撤一次")
    split(whole, manager)  # and it can be done better now


def test_not_once_a_customer_has_heard_of_it_nor_after_seven_days(whole, manager, mine, both):
    a, b = split(whole, manager)
    reply(fresh(b), by=manager, text="已收到您的举报", channel="phone")
    with pytest.raises(Refused, match="已有进展（回复客户）"):
        grouping.unsplit(fresh(whole), by=manager, reason="其实是一件事")
    assert fresh(a).is_open and fresh(whole).status == "MRG"
    late = moment.now() + timedelta(days=8)
    with moment.at(late), pytest.raises(Refused, match="已超过 7 天"):
        grouping.unsplit(fresh(whole), by=manager, reason="其实是一件事")


def test_a_merged_item_is_parted_first(whole, manager, mine):
    a, _b = split(whole, manager)
    grouping.merge(fresh(a), into=mine(), by=manager, reason="同一批货")
    with pytest.raises(Refused, match="已经结束"):
        grouping.unsplit(fresh(whole), by=manager, reason="其实是一件事")


def settle(one, manager, outcome="upheld") -> None:
    one = fresh(one)
    if one.status == Status.DIS:
        routing.accept(one, by=manager)
    elif one.status == Status.TRI:
        routing.dispatch(one, by=manager, team=one.team, to=None, note="")
        routing.accept(fresh(one), by=manager)
    find(fresh(one), by=manager, **FOUND)
    carry_out(fresh(one), manager, fen=2000)
    feed_back(fresh(one), manager)
    if fresh(one).status == Status.FUV:
        he, _new = _visitor()
        closure.visit(fresh(one), by=he, result="satisfied", words="好的")
    if outcome == "not_upheld":
        closure.tell_alternatives(fresh(one), by=manager, reason="页面写的是纯铜内胆，检测属实")
    close(fresh(one), manager, outcome=outcome, note="已说明理由和其他途径")


def _visitor():
    from huiyin.ground.people.models import User

    found = User.objects.filter(username="visitor").first()
    return found or person("visitor", "回访员", Role.VISITOR), found is None


def test_the_whole_is_closed_when_its_last_item_is(whole, manager, after_sales, li):
    a, b = split(whole, manager)
    for one in (a, b):
        now = fresh(one)
        if now.status == Status.TRI:
            routing.dispatch(now, by=manager, team=after_sales, to=li, note="")
    settle(a, manager)
    assert fresh(whole).status == "MRG"
    settle(b, manager, outcome="not_upheld")
    now = fresh(whole)
    assert now.status == "CLO" and now.closings.get().outcome == "partly"
    assert clocks(whole) == []
    worker()
    assert Letter.objects.filter(complaint=whole, purpose="closed").count() == 1


def test_when_every_item_is_withdrawn_the_original_goes_on(whole, manager):
    before = spine(whole)
    a, b = split(whole, manager)
    closure.withdraw(fresh(a), by=manager, reason="客户说不用了")
    assert fresh(whole).status == "MRG"
    closure.cancel(fresh(b), by=manager, reason="登记错了")
    assert spine(whole) == before


@pytest.mark.django_db(transaction=True)
def test_split_by_two_at_once_it_is_split_once(whole, manager, chen):
    results = at_once(lambda: split(whole, manager), lambda: split(whole, chen))
    assert sum(isinstance(one, Refused) for one in results) == 1, results
    assert Bond.objects.splits().count() == 2 and Complaint.objects.count() == 3


@pytest.mark.parametrize(
    ("text", "wanted", "about", "reasons"),
    [
        (TEXT, "", "", [SplitReason.MIXED]),
        ("电饭煲不加热", "退款", "", []),
        ("举报超市卖三无产品", "查处", "", []),
        ("电饭煲不加热", "退款", "华东仓、顺达快递", [SplitReason.RESPONDENTS]),
        ("电饭煲不加热", "退款", "华东仓和顺达快递", [SplitReason.RESPONDENTS]),
        ("1、快递丢件。2、客服骂人。", "", "", [SplitReason.MATTERS]),
        ("一、快递丢件\n二、客服骂人", "", "", [SplitReason.MATTERS]),
        ("3 天前买的，2 个都坏了", "", "", []),
    ],
)
def test_what_should_be_split_is_proposed(text, wanted, about, reasons):
    assert rules.split_reasons(text, wanted, about) == reasons
    items = rules.proposed_items(text, wanted, about)
    assert (len(items) >= 2) == bool(reasons)
    assert all(item["text"].strip() for item in items)


def test_the_report_stands_apart_in_the_proposal():
    first, second = rules.proposed_items(TEXT, "退款")
    assert "退款" in first["text"] and "举报" not in first["text"]
    assert "举报" in second["text"]
