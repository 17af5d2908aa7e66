"""不予受理: a reason, other ways told, the right people, and never where somebody is in danger."""

import pytest

from huiyin.ground.people.words import Role
from huiyin.ground.refusal import Invalid, NotPermitted, Refused
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import Status, What
from huiyin.journey.triage.actions import reject
from huiyin.journey.triage.models import Rejection
from huiyin.journey.triage.words import RejectReason
from tests.conftest import person
from tests.together import at_once

pytestmark = pytest.mark.django_db

WAYS = "可以向商品的生产厂家反映，或拨打 12315。"


def fresh(complaint):
    return Complaint.objects.get(pk=complaint.pk)


def test_a_rejected_complaint_ends_with_reason_and_other_ways(received, zhou):
    complaint = fresh(received("隔壁店的鸡蛋不新鲜", team=None))
    reject(complaint, by=zhou, reason=RejectReason.NOT_OURS, remedies=f"  {WAYS}\n")

    complaint = fresh(complaint)
    assert complaint.status == Status.REJ
    assert (complaint.rejection.remedies, complaint.rejection.by) == (WAYS, zhou)
    told = complaint.events.filter(what=What.REJECTED).get()
    assert told.facts == {"reason": "不属于本企业的商品或服务", "remedies": WAYS}


@pytest.mark.parametrize(
    ("reason", "remedies", "sentence"),
    [
        ("", WAYS, "请从列表中选择"),
        ("whim", WAYS, "请从列表中选择"),
        (RejectReason.NOT_OURS, "", "其他|什么途径"),
        (RejectReason.NOT_OURS, "无   ", "什么途径"),
    ],
)
def test_without_reason_or_other_ways_nothing_is_rejected(
    received, zhou, reason, remedies, sentence
):
    complaint = fresh(received("隔壁店的鸡蛋不新鲜"))
    with pytest.raises(Invalid, match=sentence):
        reject(complaint, by=zhou, reason=reason, remedies=remedies)
    assert fresh(complaint).status != Status.REJ


@pytest.mark.parametrize(
    "text", ["电水壶炸裂，开水把我烫伤了", "再打电话来我就从楼上跳下去，真的不想活了"]
)
def test_where_somebody_is_in_danger_nothing_is_rejected(received, zhou, text):
    complaint = fresh(received(text))
    with pytest.raises(Refused, match="涉及人身安全"):
        reject(complaint, by=zhou, reason=RejectReason.NOT_OURS, remedies=WAYS)
    assert not Rejection.objects.exists()


def test_nor_when_a_person_put_it_under_safety(make_complaint, zhou):
    complaint = make_complaint(status="TRI", category="SF.03.02")
    with pytest.raises(Refused, match="涉及人身安全"):
        reject(complaint, by=zhou, reason=RejectReason.NOT_OURS, remedies=WAYS)


@pytest.mark.parametrize("role", [Role.TRIAGER, Role.SPECIALIST, Role.SUPERVISOR])
def test_who_may_reject(role, make_complaint):
    complaint = make_complaint(status="TRI")
    assert reject(
        complaint,
        by=person("somebody", "某人", role),
        reason=RejectReason.SETTLED,
        remedies=WAYS,
    )


@pytest.mark.parametrize("role", [Role.AGENT, Role.LEAD, Role.MANAGER, Role.QA, Role.SYSADMIN])
def test_who_may_not_reject(role, make_complaint):
    complaint = make_complaint(status="TRI")
    with pytest.raises(NotPermitted, match="不予受理"):
        reject(
            complaint,
            by=person("somebody", "某人", role),
            reason=RejectReason.SETTLED,
            remedies=WAYS,
        )


@pytest.mark.parametrize("status", ["DIS", "HND", "EXE", "RES", "CLO", "ARC", "REJ", "WDR"])
def test_what_is_on_its_way_is_not_rejected(status, make_complaint, zhou):
    complaint = make_complaint(status=status)
    with pytest.raises(Refused):
        reject(complaint, by=zhou, reason=RejectReason.NOT_OURS, remedies=WAYS)
    assert fresh(complaint).status == status


@pytest.mark.django_db(transaction=True)
def test_of_two_who_reject_at_once_one_is_refused(make_complaint, zhou, chen):
    complaint = make_complaint(status="TRI")
    results = at_once(
        lambda: reject(fresh(complaint), by=zhou, reason=RejectReason.NOT_OURS, remedies=WAYS),
        lambda: reject(fresh(complaint), by=chen, reason=RejectReason.SETTLED, remedies=WAYS),
    )
    assert sum(isinstance(r, Refused) for r in results) == 1
    assert Rejection.objects.count() == 1
