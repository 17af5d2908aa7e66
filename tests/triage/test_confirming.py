"""Reading on receipt, confirming and correcting: what stays on record, and who may not."""

import pytest
from django.db import DatabaseError, transaction

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.people.words import Role
from huiyin.ground.refusal import Invalid, NotPermitted, Refused
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import What
from huiyin.journey.triage import knowledge
from huiyin.journey.triage.actions import confirm
from huiyin.journey.triage.models import Category, SeverityPoint, Triage
from huiyin.journey.triage.words import Source
from tests.conftest import person
from tests.together import at_once

pytestmark = pytest.mark.django_db

LEAK = "你们把我的电话泄露给了装修公司，天天接推销电话。"


def fresh(complaint):
    return Complaint.objects.get(pk=complaint.pk)


def story(complaint):
    return [event.what for event in complaint.events.order_by("pk")]


def latest(complaint):
    return Triage.objects.latest_of(complaint)


def told(complaint):
    return complaint.events.filter(what=What.RECLASSIFIED).order_by("pk").last()


# --- on receipt -----------------------------------------------------------------------------------


def test_a_received_complaint_is_read_and_goes_on(received):
    complaint = fresh(received())

    reading = Triage.objects.get(complaint=complaint)
    assert (reading.source, reading.by) == (Source.RULE, User.objects.system())
    assert complaint.severity == reading.severity == 1
    assert complaint.category == reading.category_id == "SF.04.01"
    assert not complaint.category_confirmed
    assert set(complaint.risks) == {"safety", "vulnerable"}
    assert story(complaint)[:2] == [What.RECEIVED, What.TRIAGED]
    assert "floor.safety" in {point["key"] for point in reading.points}
    marks = {complaint.text[start:end] for start, end, *_rest in reading.evidence}
    assert "漏电" in marks


def test_reading_costs_few_queries(received, django_assert_max_num_queries):
    knowledge.current()
    received()  # contents of caches
    with django_assert_max_num_queries(60):
        received()


def test_what_a_person_chose_at_the_desk_stands(received):
    complaint = fresh(received("杯子颜色发错了", category="DL.04.01", severity=2))
    assert (complaint.category, complaint.severity) == ("DL.04.01", 2)
    assert complaint.category_confirmed
    assert latest(complaint).confidence == 1.0


def test_a_risk_in_the_text_raises_what_a_person_said_and_nothing_lowers_it(received):
    assert fresh(received(LEAK, category="PR.01.03", severity=4)).severity == 1
    assert fresh(received("杯子颜色发错了", category="DL.04.01", severity=1)).severity == 1


def test_a_retired_category_is_not_taken_at_the_desk(received):
    row = Category.objects.get(pk="DL.04.01")
    row.retired_at = moment.now()
    row.save()
    with pytest.raises(Invalid, match="已停用"):
        received("杯子颜色发错了", category="DL.04.01")


def test_an_empty_or_strange_text_is_still_taken_in(received):
    for text in ("。", "？？？", "😡😡😡", "a" * 3000):
        complaint = fresh(received(text))
        assert complaint.category == "OT.04.01"
        assert complaint.severity in (2, 3)


# --- confirming and correcting --------------------------------------------------------------------


def test_one_click_confirms_what_was_suggested(received, zhou):
    complaint = fresh(received())
    suggested = latest(complaint)
    confirm(
        complaint,
        by=zhou,
        category=complaint.category,
        severity=complaint.severity,
        seen=suggested.pk,
    )

    complaint = fresh(complaint)
    decided = latest(complaint)
    suggested.refresh_from_db()
    assert complaint.category_confirmed
    assert (decided.source, decided.by, decided.confidence) == (Source.HUMAN, zhou, 1.0)
    assert (suggested.confirmed_by, suggested.source) == (zhou, Source.RULE)
    assert told(complaint).facts["note"] == "确认系统建议"


def test_a_correction_keeps_the_suggestion_beside_it(received, zhou):
    complaint = fresh(received("打了三次电话都没人来修宽带"))
    suggested = latest(complaint)
    confirm(complaint, by=zhou, category="SV.02.01", severity=3, reason="不是报修，是没人接单")

    decided = latest(complaint)
    assert Triage.objects.filter(complaint=complaint).count() == 2
    assert (suggested.category_id, decided.category_id) == ("SV.02.04", "SV.02.01")
    assert decided.reason == "不是报修，是没人接单"
    assert decided.points == suggested.points
    complaint = fresh(complaint)
    assert (complaint.category, complaint.severity) == ("SV.02.01", 3)
    assert told(complaint).facts["old"]["code"] == "SV.02.04"


def test_lowering_what_has_a_risk_needs_a_reason(received, zhou):
    complaint = fresh(received(LEAK))
    with pytest.raises(Invalid, match="请写明理由"):
        confirm(complaint, by=zhou, category="PR.01.03", severity=3, reason="嗯")
    assert fresh(complaint).severity == 1
    confirm(complaint, by=zhou, category="PR.01.03", severity=3, reason="核实后只是推销短信")
    assert fresh(complaint).severity == 3
    assert fresh(complaint).risks == ["leak"]  # what was found is not erased


def test_raising_needs_none(received, zhou):
    complaint = fresh(received("杯子颜色发错了"))
    confirm(complaint, by=zhou, category="DL.04.01", severity=1)
    assert fresh(complaint).severity == 1


@pytest.mark.parametrize(
    ("category", "severity", "sentence"),
    [
        ("XX.99.99", 2, "没有这个类别"),
        ("", 2, "没有这个类别"),
        ("PD", 2, "是大类"),
        ("DL.04.01", 0, "应为 1 到 4"),
        ("DL.04.01", 5, "应为 1 到 4"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(received, zhou, category, severity, sentence):
    complaint = fresh(received("杯子颜色发错了"))
    with pytest.raises(Invalid, match=sentence):
        confirm(complaint, by=zhou, category=category, severity=severity)
    assert not fresh(complaint).category_confirmed


def test_a_retired_category_cannot_be_chosen_and_old_complaints_keep_theirs(received, zhou):
    complaint = fresh(received("杯子颜色发错了", category="DL.04.01"))
    row = Category.objects.get(pk="DL.04.01")
    row.retired_at = moment.now()
    row.save()
    with pytest.raises(Invalid, match="已停用"):
        confirm(complaint, by=zhou, category="DL.04.01", severity=3)
    assert Category.objects.names(["DL.04.01"])["DL.04.01"].endswith("错发")


def test_who_may_triage(received, li, zhou, chen, manager):
    for who in (zhou, chen, manager):
        complaint = fresh(received("杯子颜色发错了"))
        assert confirm(complaint, by=who, category="DL.04.01", severity=3)
    own = fresh(received("杯子颜色发错了", received_by=li))
    assert confirm(own, by=li, category="DL.04.01", severity=3)


@pytest.mark.parametrize("role", [Role.AGENT, Role.VISITOR, Role.AUDITOR, Role.SYSADMIN, Role.QA])
def test_who_may_not_triage(role, received):
    somebody = person("somebody", "某人", role)
    complaint = fresh(received("杯子颜色发错了"))
    with pytest.raises(NotPermitted, match="可以分级"):
        confirm(complaint, by=somebody, category="DL.04.01", severity=3)
    assert latest(complaint).source == Source.RULE


@pytest.mark.parametrize("status", ["CLO", "ARC", "REJ", "WDR", "CAN"])
def test_what_has_ended_is_not_triaged_again(status, make_complaint, zhou):
    complaint = make_complaint(status=status)
    with pytest.raises(Refused, match="已经办结"):
        confirm(complaint, by=zhou, category="DL.04.01", severity=3)


def test_a_stale_page_changes_nothing(received, zhou, chen):
    complaint = fresh(received("杯子颜色发错了"))
    seen = latest(complaint).pk
    confirm(fresh(complaint), by=chen, category="DL.04.02", severity=2, seen=seen)
    with pytest.raises(Refused, match="刚刚被别人更正过分级"):
        confirm(fresh(complaint), by=zhou, category="DL.04.01", severity=3, seen=seen)
    with pytest.raises(Refused):  # and without `seen`, by the facts of the row that was held
        confirm(complaint, by=zhou, category="DL.04.01", severity=3)
    assert fresh(complaint).category == "DL.04.02"


@pytest.mark.django_db(transaction=True)
def test_of_two_who_correct_at_once_one_is_refused(received, zhou, chen):
    complaint = fresh(received("杯子颜色发错了"))
    seen = latest(complaint).pk
    results = at_once(
        lambda: confirm(fresh(complaint), by=zhou, category="DL.04.01", severity=3, seen=seen),
        lambda: confirm(fresh(complaint), by=chen, category="DL.04.02", severity=2, seen=seen),
    )
    assert sum(isinstance(r, Refused) for r in results) == 1
    assert Triage.objects.filter(complaint=complaint, source=Source.HUMAN).count() == 1
    won = next(r for r in results if isinstance(r, Triage))
    assert (fresh(complaint).category, fresh(complaint).severity) == (
        won.category_id,
        won.severity,
    )


def test_the_row_on_the_spine_is_what_the_latest_record_says(received, zhou):
    complaint = fresh(received("杯子颜色发错了"))
    for category, severity in (("DL.04.01", 3), ("DL.04.02", 2), ("DL.04.01", 1)):
        confirm(fresh(complaint), by=zhou, category=category, severity=severity)
        now, decided = fresh(complaint), latest(complaint)
        assert (now.category, now.severity) == (decided.category_id, decided.severity)


# --- the words ------------------------------------------------------------------------------------


def test_an_edited_table_speaks_at_the_next_complaint(received):
    assert fresh(received("再不处理我就曝光你们")).severity == 2
    row = SeverityPoint.objects.get(key="floor.media")
    row.points = 1
    row.save()
    assert fresh(received("再不处理我就曝光你们")).severity == 1


def test_a_word_that_was_switched_off_is_no_longer_heard(received):
    from huiyin.journey.triage.models import RiskPhrase

    assert "media" in fresh(received("我会去顶流社区挂你们，再去曝光")).risks
    for row in RiskPhrase.objects.filter(group="media"):
        RiskPhrase.objects.filter(pk=row.pk).update(enabled=False)
    row.enabled = False
    row.save()
    assert "media" not in fresh(received("我会去顶流社区挂你们，再去曝光")).risks


def test_nobody_deletes_a_category_that_a_complaint_points_at(received):
    received("杯子颜色发错了", category="DL.04.01")
    with pytest.raises(DatabaseError), transaction.atomic():
        Category.objects.filter(pk="DL.04.01").delete()
