"""Opening, doing, verifying by another person, counting the effect after ninety days."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.db.models import Q

from huiyin.ground import moment
from huiyin.ground.people.words import Role
from huiyin.ground.refusal import Invalid, NotPermitted, Refused
from huiyin.journey.clocks.actions import sweep
from huiyin.journey.complaint.words import What
from huiyin.journey.improvement import actions
from huiyin.journey.improvement.models import Improvement, Line, Report
from huiyin.journey.improvement.words import Stage, Trigger
from huiyin.journey.intake.models import Answer, Field
from tests.conftest import at, person
from tests.improvement.conftest import DONE, again, opened, planned, reported, verified
from tests.roads import close as closed
from tests.roads import feed_back, fresh, solved, story
from tests.together import at_once

pytestmark = pytest.mark.django_db


def test_a_page_is_to_be_corrected_within_a_working_day(complaint, chen, goods, clock):
    with clock("2026-09-28 10:00"):  # a Monday
        it = opened(complaint, chen, goods)
    assert it.stage == Stage.WORKING
    assert it.due_at == at("2026-09-30 00:00")  # the first working day after it, whole
    assert [step.text for step in it.steps.all()] == it.kind.steps
    running = complaint.clocks.get(kind="improvement")
    assert (running.subject, running.department, running.ladder.code) == (
        it.subject,
        goods,
        "LADDER-IMPROVEMENT",
    )
    assert story(complaint)[-1] == What.IMPROVEMENT_OPENED
    assert it.category == "PD.02.01"


def test_an_agent_opens_none_and_nobody_opens_nothing(complaint, li, chen, goods):
    with pytest.raises(NotPermitted):
        opened(complaint, li, goods)
    for wrong, name in (
        ({"kind": "nothing"}, "kind"),
        ({"title": "改"}, "title"),
        ({"title": "x" * 121}, "title"),
        ({"text": "x" * 5001}, "text"),
        ({"department": None}, "owner"),
        ({"amount": Decimal("0.5"), "unit": "work_days"}, "amount"),
        ({"amount": Decimal(400), "unit": "hours"}, "amount"),
        ({"object_field": "batch_no"}, "object_field"),
    ):
        with pytest.raises(Invalid) as refused:
            actions.begin([complaint], by=chen, plan=planned(**{"department": goods, **wrong}))
        assert name in refused.value.fields, wrong
    with pytest.raises(Invalid):
        actions.begin([], by=chen, plan=planned(department=goods))
    assert not Improvement.objects.exists()


def test_the_owner_ticks_steps_reports_with_evidence_and_another_person_verifies(
    complaint, chen, goods, tong, tao
):
    it = opened(complaint, chen, goods)
    with pytest.raises(Refused, match="没有勾选"):
        actions.report(it, by=tong, text=DONE)
    with pytest.raises(NotPermitted):
        actions.report(it, by=chen, text=DONE)
    added = actions.add_step(it, by=tong, text="通知直播间")
    assert added.text == "通知直播间"
    paper = SimpleUploadedFile("改前改后.txt", "5 升 → 4 升".encode(), "text/plain")
    report = reported(it, tong, files=[paper])
    assert again(it).stage == Stage.DONE
    assert report.files.get().name == "改前改后.txt"
    assert not complaint.clocks.filter(kind="improvement", stopped_at=None).exists()
    report.improvement = again(it)
    for who in (tong, chen):
        with pytest.raises(NotPermitted):
            actions.verify(report, by=who, passed=True)
    report.improvement = again(it)
    actions.verify(report, by=tao, passed=True, note="页面已核对")
    it = again(it)
    assert (it.stage, it.verified_by) == (Stage.WATCHING, tao)
    assert it.done_at is not None
    assert it.effect_due_at == it.done_at + timedelta(days=90)
    assert story(complaint)[-2:] == [What.IMPROVEMENT_DONE, What.IMPROVEMENT_VERIFIED]
    with pytest.raises(Refused):
        actions.verify(report, by=tao, passed=True)


def test_nobody_verifies_what_he_owns_or_did_whatever_his_role(
    complaint, chen, goods, tao, manager
):
    """A quality officer owns it; a manager who once reported it stays out as well."""
    it = opened(complaint, chen, goods, person=tao)
    report = reported(it, tao)
    report.improvement = again(it)
    with pytest.raises(NotPermitted):
        actions.verify(report, by=tao, passed=True)
    report.improvement = again(it)
    actions.verify(report, by=manager, passed=False, note="截图看不出改后的样子")
    actions.change(again(it), by=chen, department=goods, person=manager, reason="换人办理")
    second = reported(it, manager)
    second.improvement = again(it)
    for who in (tao, manager):  # who reported before, and who owns it now
        with pytest.raises(NotPermitted):
            actions.verify(second, by=who, passed=True)


def test_sent_back_it_says_why_and_has_a_limit_anew(complaint, chen, goods, tong, tao, clock):
    with clock("2026-09-28 10:00"):
        it = opened(complaint, chen, goods)
        first_due = it.first_due_at
        report = reported(it, tong)
        report.improvement = again(it)
        with pytest.raises(Invalid):
            actions.verify(report, by=tao, passed=False, note="")
        report.improvement = again(it)
        actions.verify(
            report, by=tao, passed=False, note="小程序还没改", amount=Decimal(4), unit="work_hours"
        )
    it = again(it)
    assert (it.stage, it.done_at) == (Stage.WORKING, None)
    assert it.due_at == at("2026-09-28 15:00")  # an hour of rest at noon
    assert it.first_due_at == first_due  # K28 counts by the first one
    assert story(complaint)[-1] == What.IMPROVEMENT_SENT_BACK


@pytest.mark.django_db(transaction=True)
def test_of_two_verifiers_at_once_one_is_heard(
    make_complaint, after_sales, li, chen, goods, tao, du
):
    from tests.roads import assigned

    complaint = assigned(make_complaint, after_sales, li, category="PD.02.01")
    it = opened(complaint, chen, goods)
    report = reported(it, goods.head)

    def by(who, passed):
        def act():
            mine = Report.objects.get(pk=report.pk)
            mine.improvement = again(it)
            actions.verify(mine, by=who, passed=passed, note="两个人同时核验")

        return act

    results = at_once(by(tao, True), by(du, False))
    assert sum(isinstance(one, Refused) for one in results) == 1, results
    assert results.count(None) == 1
    lines = Line.objects.filter(improvement=it, act__in=("passed", "refused"))
    assert lines.count() == 1


def test_it_outlasts_the_closing_of_its_complaint(make_complaint, after_sales, li, chen, goods):
    complaint = solved(make_complaint, after_sales, li, category="PD.02.01", order_no="SO-1")
    it = opened(fresh(complaint), chen, goods)
    feed_back(fresh(complaint), li)
    closed(fresh(complaint), li)
    assert fresh(complaint).clocks.filter(kind="improvement", stopped_at=None).exists()
    assert again(it).stage == Stage.WORKING


def test_the_ladder_reminds_and_what_is_late_shows(complaint, chen, goods, tong, clock):
    with clock("2026-09-28 10:00"):
        it = opened(complaint, chen, goods)
    with clock("2026-09-30 00:05"):
        sweep()
    told = complaint.events.filter(what=What.REMINDED, facts__improvement=it.pk)
    assert tong.pk in told.first().facts["to_ids"]
    missed = complaint.events.get(what=What.CLOCK_MISSED, facts__improvement=it.pk)
    actions.follow_clock(missed)
    actions.follow_clock(missed)  # a worker may come twice
    assert again(it).late
    assert Line.objects.filter(improvement=it, act="late").count() == 1


def _received(make, moment_, **fields):
    return make(received_at=moment_, **fields)


def test_after_ninety_days_it_is_counted_and_a_person_judges(
    make_complaint, complaint, chen, goods, tong, tao, clock
):
    begins = moment.now()
    for days in (5, 20, 60):
        _received(make_complaint, begins - timedelta(days=days), category="PD.02.01")
    _received(make_complaint, begins - timedelta(days=95), category="PD.02.01")  # too early
    _received(make_complaint, begins - timedelta(days=5), category="DL.01.02")  # another kind
    it = verified(opened(complaint, chen, goods), tong, tao)
    assert it.done_at is not None
    _received(make_complaint, it.done_at + timedelta(days=30), category="PD.02.01")
    for days in range(1, 8):
        _received(make_complaint, it.done_at + timedelta(days=days), category="DL.01.02")
    with moment.at(it.done_at + timedelta(days=89)):
        assert actions.count_effects() == 0
    with moment.at(it.done_at + timedelta(days=90, minutes=1)):
        assert actions.count_effects() == 1
        assert actions.count_effects() == 0
    it = again(it)
    check = it.check_of
    # The complaint itself came before it was opened.
    assert (check.before, check.before_of, check.after, check.after_of) == (4, 5, 1, 8)
    assert check.suggests and it.stage == Stage.JUDGING
    with pytest.raises(NotPermitted):
        actions.judge(again(it), by=tong, effective=True)
    with pytest.raises(Invalid):  # against the numbers only with a reason
        actions.judge(again(it), by=tao, effective=False)
    actions.judge(again(it), by=tao, effective=True)
    assert again(it).stage == Stage.EFFECTIVE
    assert story(complaint)[-1] == What.EFFECT_CHECKED
    assert not Improvement.objects.filter(again_of=it).exists()


def test_what_did_not_help_is_opened_again(make_complaint, complaint, chen, goods, tong, tao):
    it = verified(opened(complaint, chen, goods), tong, tao)
    assert it.done_at is not None
    for days in (1, 2, 3):
        _received(make_complaint, it.done_at + timedelta(days=days), category="PD.02.01")
    with moment.at(it.done_at + timedelta(days=91)):
        actions.count_effects()
        assert not again(it).check_of.suggests
        new = actions.judge(again(it), by=tao, effective=False, words="直播间仍写 5 升")
    assert again(it).stage == Stage.INEFFECTIVE
    assert new is not None
    new = again(new)
    assert (new.trigger, new.again_of_id, new.stage) == (Trigger.AGAIN, it.pk, Stage.WORKING)
    assert new.department == goods
    assert list(new.sources.values_list("complaint", flat=True)) == [complaint.pk]
    assert new.title == "再整改：更正电饭煲容量"


def test_the_effect_is_measured_by_the_same_object(
    make_complaint, complaint, chen, goods, tong, tao
):
    batch = Field.objects.get(key="batch_no")
    Answer.objects.create(complaint=complaint, field=batch, value="B1")
    other = make_complaint(category="PD.02.01", received_at=moment.now() - timedelta(days=3))
    Answer.objects.create(complaint=other, field=batch, value="B2")
    it = verified(opened(complaint, chen, goods, object_field="batch_no"), tong, tao)
    assert it.object_value == "B1"
    assert it.done_at is not None
    with moment.at(it.done_at + timedelta(days=91)):
        actions.count_effects()
    assert (again(it).check_of.before, again(it).check_of.before_of) == (1, 2)


def test_k28_counts_what_was_done_and_verified_by_its_first_due_date(
    make_complaint, complaint, chen, goods, tong, tao, manager, clock
):
    with clock("2026-09-28 10:00"):
        kept = verified(opened(complaint, chen, goods), tong, tao)
        open_ = opened(complaint, chen, goods)
        opened(complaint, chen, goods, amount=Decimal(20), unit="work_days")  # not due yet
    with clock("2026-10-09 10:00"):
        late = verified(open_, tong, tao)
        found = actions.figures(manager, moment.now())
        assert (found.due, found.kept, found.kept_percent) == (2, 1, 50)
        from huiyin.journey.improvement import lists

        for view, rows in (("due", {kept.pk, late.pk}), ("kept", {kept.pk})):
            page, _more = lists.page(manager, lists.Asked(view=view), moment.now())
            assert {one.pk for one in page} == rows


def test_a_department_sees_its_own_and_nothing_of_the_complaint(
    complaint, chen, goods, tong, sun, signed_in
):
    it = opened(complaint, chen, goods)
    other = person("other", "旁人", Role.DEPT_HEAD)
    assert Improvement.objects.visible_to(tong).filter(pk=it.pk).exists()
    for who in (other, sun):
        assert not Improvement.objects.visible_to(who).filter(pk=it.pk).exists()
    page = signed_in(tong).get(f"/improvements/{it.pk}/").content.decode()
    assert complaint.number not in page
    assert complaint.subject not in page
    assert "另有 1 件投诉不对您开放" in page
    assert signed_in(sun).get(f"/improvements/{it.pk}/").status_code == 404


def test_whoever_is_barred_from_a_source_sees_none_of_it(complaint, chen, goods, tong, manager):
    from huiyin.journey.complaint.actions import bar

    it = opened(complaint, chen, goods)
    bar(fresh(complaint), by=manager, person=tong, reason="是被投诉的当事人")
    assert not Improvement.objects.visible_to(tong).filter(pk=it.pk).exists()
    assert Improvement.objects.visible_to(manager).filter(pk=it.pk).exists()


def test_of_a_restricted_source_those_who_do_not_see_it_see_nothing(
    complaint, chen, goods, tao, manager
):
    it = opened(complaint, chen, goods)
    complaint.carry(restricted=True)
    for who in (tao, manager):
        assert not Improvement.objects.visible_to(who).filter(pk=it.pk).exists()


def test_not_to_improve_needs_a_reason_and_stops_the_clock(complaint, chen, goods):
    it = opened(complaint, chen, goods)
    with pytest.raises(Invalid):
        actions.dismiss(it, by=chen, words="不")
    actions.dismiss(again(it), by=chen, words="页面其实是对的")
    assert again(it).stage == Stage.DISMISSED
    assert not complaint.clocks.filter(kind="improvement", stopped_at=None).exists()
    with pytest.raises(Refused):
        actions.dismiss(again(it), by=chen, words="页面其实是对的")


def test_the_record_stays_as_it_was(complaint, chen, goods, tong, tao):
    it = verified(opened(complaint, chen, goods), tong, tao)
    for change in (
        lambda: Report.objects.filter(improvement=it).update(text="别的"),
        lambda: Line.objects.filter(improvement=it).delete(),
        lambda: Line.objects.filter(Q(improvement=it)).update(text="别的"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_hostile_words_are_kept_as_words(complaint, chen, goods, tong, signed_in):
    title = "<script>alert(1)</script> 更正\u202e页面"
    it = opened(complaint, chen, goods, title=title)
    page = signed_in(tong).get(f"/improvements/{it.pk}/").content.decode()
    assert "<script>alert(1)" not in page
    program = SimpleUploadedFile("x.exe", b"MZ\x90\x00", "application/octet-stream")
    with pytest.raises(Invalid):
        reported(it, tong, files=[program])
    assert again(it).stage == Stage.WORKING
