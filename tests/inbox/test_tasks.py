"""Disputes and requests for more time in the inbox."""

from decimal import Decimal

import pytest

from huiyin.ground.people.models import Department
from huiyin.ground.people.words import Role
from huiyin.ground.worktime.models import forget as forget_calendars
from huiyin.journey.complaint.words import What
from huiyin.journey.cooperation import actions
from huiyin.journey.cooperation.words import State
from huiyin.surface.inbox import lists
from tests.conftest import person
from tests.roads import propose, story
from tests.together import at_once

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def _calendars_are_read_again():
    forget_calendars()
    yield
    forget_calendars()


@pytest.fixture
def qc(db):
    return Department.objects.create(code="qc", name="品控部", calendar_code="always")


@pytest.fixture
def warehouse(db):
    return Department.objects.create(code="warehouse", name="仓储物流部", calendar_code="always")


@pytest.fixture
def jiang(qc):
    return person("jiang", "江涛", Role.DEPT_HANDLER, department=qc)


@pytest.fixture
def du(db):
    return person("du", "杜衡", Role.SUPERVISION)


@pytest.fixture
def task(complaint, li, qc):
    return actions.send(complaint, by=li, department=qc, question="请追溯电饭煲的生产批次。")


@pytest.fixture
def dispute(task, jiang, warehouse):
    return actions.dispute(task, by=jiang, reason="运输途中摔坏，不是质量问题", owner=warehouse)


@pytest.fixture
def asked(task, jiang):
    actions.sign(task, by=jiang)
    return actions.ask_more_time(task, by=jiang, amount=Decimal(1), reason="检测要两天才出结果")


def test_a_dispute_waits_for_whoever_is_no_party(dispute, du, chen, li, jiang, sun, lead):
    for ruler in (du, chen):
        item = lists.page(ruler)[0][0]
        assert (item.kind.key, item.pk, item.by) == ("dispute", dispute.pk, "江涛")
        assert "品控部" in item.asked
    for other in (li, jiang, sun, lead):
        assert lists.page(other)[0] == []


def test_it_is_ruled_where_it_stands(dispute, task, du, warehouse, signed_in):
    client = signed_in(du)
    page = client.get(f"/inbox/dispute/{dispute.pk}/").text
    for told in ("运输途中摔坏", "品控部", "应由 仓储物流部 办理", "裁定由谁办理"):
        assert told in page
    ruled = {"department": "warehouse", "note": "外箱破损，由仓储先查"}
    answer = client.post(f"/inbox/dispute/{dispute.pk}/", ruled, headers=HTMX)
    assert "改由 仓储物流部 办理" in answer.text
    task.refresh_from_db()
    assert (task.state, task.department) == (State.SENT, warehouse)
    assert task.ruled_at is not None
    assert What.TASK_RULED in story(task.complaint)
    assert lists.page(du)[0] == []
    assert "已经有了决定" in client.get(f"/inbox/dispute/{dispute.pk}/").text


def test_ruling_needs_a_department_and_a_reason_and_no_party(dispute, task, du, li, signed_in):
    address = f"/inbox/dispute/{dispute.pk}/"
    client = signed_in(du)
    assert client.post(address, {"department": "", "note": "看过材料"}).status_code == 422
    assert client.post(address, {"department": "qc", "note": ""}).status_code == 422
    # 小李 sent it: she sees it and rules nothing.
    assert signed_in(li).post(address, {"department": "qc", "note": "就是它"}).status_code == 403
    task.refresh_from_db()
    assert task.state == State.DISPUTED


@pytest.mark.django_db(transaction=True)
def test_of_two_rulings_at_once_one_counts(dispute, task, du, chen, signed_in):
    address, clients = f"/inbox/dispute/{dispute.pk}/", (signed_in(du), signed_in(chen))
    acts = [
        lambda c=c, code=code: c.post(address, {"department": code, "note": "看过材料"})
        for c, code in zip(clients, ("qc", "warehouse"), strict=True)
    ]
    codes = sorted(answer.status_code for answer in at_once(*acts))
    assert codes[0] == 302
    assert codes[1] in (403, 409)
    assert story(task.complaint).count(What.TASK_RULED) == 1


def test_more_time_waits_for_whoever_asked_the_department(asked, task, li, lead, sun, signed_in):
    item = lists.page(li)[0][0]
    assert (item.kind.key, item.why) == ("more-time", "检测要两天才出结果")
    assert "江涛" in item.by
    assert item.due_at == task.current.clock.due_at
    assert lists.page(sun)[0] == []
    before = asked.clock.due_at
    answer = signed_in(li).post(f"/inbox/more-time/{asked.pk}/", {"approve": "1"}, headers=HTMX)
    assert "已同意延长" in answer.text
    asked.clock.refresh_from_db()
    assert asked.clock.due_at > before


def test_refusing_more_time_needs_a_reason(asked, li, signed_in):
    client = signed_in(li)
    address = f"/inbox/more-time/{asked.pk}/"
    assert client.post(address, {"approve": "0"}, headers=HTMX).status_code == 422
    assert client.post(address, {"approve": "0", "note": "客户等不了"}).status_code == 302
    asked.refresh_from_db()
    assert asked.granted is False
    assert client.post(address, {"approve": "1"}).status_code == 409


def test_requests_are_granted_together_and_what_is_refused_is_named(
    asked, task, complaint, li, warehouse, jiang, signed_in
):
    ning = person("ning", "宁远", Role.DEPT_HANDLER, department=warehouse)
    other = actions.send(complaint, by=li, department=warehouse, question="请查运单签收底单。")
    actions.sign(other, by=ning)
    second = actions.ask_more_time(other, by=ning, amount=Decimal(1), reason="承运商明天答复")
    actions.cancel(other, by=li, reason="客户找到签收单了")
    picked = [f"more-time:{asked.pk}", f"more-time:{second.pk}", "more-time:999999"]
    page = signed_in(li).post("/inbox/selected/", {"item": picked}, follow=True).text
    assert "已批准 1 项" in page
    assert "已经有了决定" in page
    assert "没有找到" in page
    asked.refresh_from_db()
    assert asked.granted is True


def test_all_kinds_stand_in_one_order(asked, complaint, li, chen, du, jiang, qc):
    actions.dispute(asked.task, by=jiang, reason="不是质量问题，请改派")
    propose(complaint, li, fen=30_000)
    found = [item.kind.key for item in lists.page(chen)[0]]
    assert found == ["dispute", "offer"]
    assert lists.counts(chen) == {**dict.fromkeys(lists.counts(chen), 0), "dispute": 1, "offer": 1}
    assert [i.kind.key for i in lists.page(chen, key="offer")[0]] == ["offer"]
    assert [i.kind.key for i in lists.page(li)[0]] == ["more-time"]
