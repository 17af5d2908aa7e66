"""Supervision from the first word to the lifting: what happens, who may, two at once."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction

from huiyin.ground.people.models import User
from huiyin.ground.people.words import Presence, Role
from huiyin.ground.refusal import Invalid, NotPermitted, Refused
from huiyin.journey.clocks import actions as clocks
from huiyin.journey.complaint.actions import bar
from huiyin.journey.complaint.events import run_later
from huiyin.journey.complaint.words import Status, What
from huiyin.journey.supervision import actions
from huiyin.journey.supervision.models import Measure, Supervision
from huiyin.journey.supervision.words import Ending, Level, Stage, Verdict
from huiyin.surface.notices.models import Notice
from tests.conftest import person
from tests.roads import fresh, story
from tests.together import at_once

pytestmark = pytest.mark.django_db

WHY = "客户第三次来电，仍没有答复"
DONE = "已联系客户致歉，今日 17 点前由李明给出书面答复，组长韩梅跟进"
SEEN = "已回访客户，确认收到答复"


def begun(complaint, by, **asked) -> Supervision:
    asked.setdefault("level", Level.ORDINARY)
    return actions.begin(complaint, by=by, reason=WHY, **asked)


def again(supervision: Supervision) -> Supervision:
    """As somebody else sees it who opens the page now."""
    return Supervision.objects.with_all().get(pk=supervision.pk)


def accepted(complaint, du, by) -> Supervision:
    watch = begun(complaint, du)
    measure = actions.file_measures(again(watch), by=by, text=DONE)
    actions.review(measure, by=du, accept=True)
    return again(watch)


# --- beginning ---------------------------------------------------------------------------------


def test_the_handler_owes_measures_by_a_clock_of_its_own(complaint, du, clock):
    with clock("2026-11-25 10:00"):  # a Wednesday
        watch = begun(complaint, du)
    now = fresh(complaint)
    assert (now.supervised, watch.addressee, watch.stage) == (Level.ORDINARY, "李明", Stage.DUE)
    own = complaint.clocks.get(subject=watch.subject)
    assert (own.kind, own.due_at) == ("supervision", watch.due_at)
    assert watch.due_at.isoformat().startswith("2026-11-27T16:00")  # 24:00 at home
    assert now.next_due_kind != "supervision"  # the list of the handler keeps its own order
    event = complaint.events.get(what=What.SUPERVISED)
    assert (event.by, event.facts["level"], event.facts["reason"]) == (du, "普通督办", WHY)


def test_a_limit_may_be_asked_for(complaint, du, clock):
    with clock("2026-11-25 10:00"):
        watch = begun(complaint, du, amount=Decimal(3), unit="hours")
    assert watch.due_at - watch.at == timedelta(hours=3)
    for amount, unit in (
        (Decimal(0), "hours"),
        (Decimal("1.5"), "days"),
        (Decimal(999), "hours"),
        (Decimal(1), "moons"),
    ):
        with pytest.raises(Invalid, match="时限请填"):
            actions.raise_level(
                again(watch), by=du, level=Level.POSTED, reason=WHY, amount=amount, unit=unit
            )


def test_the_head_of_a_department_owes_them_too_beside_the_handler(complaint, du, quality):
    begun(complaint, du)
    watch = begun(complaint, du, department=quality, level=Level.POSTED)
    assert (watch.addressee, fresh(complaint).supervised) == ("品控部 · 沈卓", Level.POSTED)
    with pytest.raises(Refused, match="已经在督办"):
        begun(complaint, du, department=quality)
    quality.head = None
    quality.save()
    User.objects.filter(department=quality).update(roles=[])
    with pytest.raises(Invalid, match="没有负责人"):
        actions.begin(fresh(complaint), by=du, level=Level.ORDINARY, reason=WHY, department=quality)


@pytest.mark.parametrize(
    ("field", "asked"), [("level", {"level": "夺命"}), ("reason", {"reason": " 催 "})]
)
def test_what_is_missing_is_said_at_its_field(field, asked, complaint, du):
    with pytest.raises(Invalid) as refused:
        actions.begin(complaint, by=du, **{"level": Level.ORDINARY, "reason": WHY, **asked})
    assert set(refused.value.fields) == {field}


@pytest.mark.parametrize("who", ["li", "zhou", "sun"])
def test_who_may_not_supervise_is_told_so(who, complaint, request):
    with pytest.raises(NotPermitted, match="督办员、本组值班主管和经理"):
        begun(complaint, request.getfixturevalue(who))


def test_the_supervisor_of_the_team_and_the_manager_may(complaint, chen, manager, quality):
    begun(complaint, chen)
    begun(complaint, manager, department=quality)
    other = person("other", "别组主管", Role.SUPERVISOR)
    with pytest.raises(NotPermitted):
        actions.raise_level(
            complaint.supervisions.first(), by=other, level=Level.POSTED, reason=WHY
        )


def test_what_has_ended_is_not_supervised_any_more(make_complaint, du):
    for status in (Status.CLO, Status.ARC, Status.WDR):
        with pytest.raises(Refused, match="已经结束"):
            begun(make_complaint(status=status), du)


# --- raising -----------------------------------------------------------------------------------


def test_raised_it_runs_anew_and_only_upwards(complaint, du, li, chen, clock):
    with clock("2026-11-25 10:00"):
        watch = begun(complaint, du)
        actions.file_measures(again(watch), by=li, text=DONE)
    with clock("2026-11-25 15:00"):
        actions.raise_level(again(watch), by=chen, level=Level.SUMMONS, reason="措施不痛不痒")
    now = again(watch)
    assert (now.level, now.stage, fresh(complaint).supervised) == ("summons", "due", "summons")
    assert complaint.clocks.filter(subject=watch.subject, stopped_at=None).count() == 1
    with pytest.raises(Invalid, match="只能提升等级"):
        actions.raise_level(again(watch), by=chen, level=Level.POSTED, reason="想降一级")
    assert story(complaint).count(What.SUPERVISED) == 2


def test_a_stale_page_raises_nothing(complaint, du):
    stale = again(begun(complaint, du))
    actions.raise_level(again(stale), by=du, level=Level.POSTED, reason=WHY)
    with pytest.raises(Refused, match="刚刚被别人处理过"):
        actions.raise_level(stale, by=du, level=Level.SUMMONS, reason=WHY)


# --- measures ----------------------------------------------------------------------------------


def test_the_handler_files_measures_with_evidence_and_the_clock_stops(complaint, du, li):
    watch = begun(complaint, du)
    paper = SimpleUploadedFile("答复.txt", "今日答复客户".encode(), "text/plain")
    measure = actions.file_measures(again(watch), by=li, text=DONE, files=[paper])
    assert again(watch).stage == Stage.FILED
    evidence = measure.files.get()
    assert (evidence.internal, evidence.source, evidence.name) == (True, "staff", "答复.txt")
    assert complaint.clocks.get(subject=watch.subject).stopped_at is not None
    assert list(actions.waiting_for(du)) == [measure]
    assert not actions.waiting_for(li).exists()
    with pytest.raises(Refused, match="现在不需要报送"):
        actions.file_measures(again(watch), by=li, text=DONE)


def test_the_head_of_the_department_files_them_without_seeing_the_complaint(
    complaint, du, quality, shen
):
    watch = begun(complaint, du, department=quality)
    assert not Supervision.objects.visible_to(person("x", "外人", Role.DEPT_HEAD)).exists()
    assert Supervision.objects.visible_to(shen).get() == watch
    paper = SimpleUploadedFile("封样.txt", "批次 2026-11".encode(), "text/plain")
    measure = actions.file_measures(again(watch), by=shen, text=DONE, files=[paper])
    assert measure.files.get().source == "department"


def test_the_deputy_of_a_head_who_is_away_files_them(complaint, du, quality, shen):
    deputy = person("vice", "副经理", Role.DEPT_HANDLER)
    watch = begun(complaint, du, department=quality)
    with pytest.raises(NotPermitted, match="部门负责人可以报送"):
        actions.file_measures(again(watch), by=deputy, text=DONE)
    User.objects.filter(pk=shen.pk).update(presence=Presence.AWAY, deputy=deputy)
    assert actions.file_measures(again(watch), by=User.objects.get(pk=deputy.pk), text=DONE)


@pytest.mark.parametrize("who", ["du", "sun", "zhou", "shen"])
def test_nobody_else_files_what_the_handler_owes(who, complaint, request):
    watch = begun(complaint, request.getfixturevalue("du"))
    with pytest.raises(NotPermitted, match="可以报送措施"):
        actions.file_measures(again(watch), by=request.getfixturevalue(who), text=DONE)


@pytest.mark.parametrize("text", ["", "好的", "长" * 5001])
def test_no_measures_and_a_novel_are_refused_at_the_field(text, complaint, du, li):
    with pytest.raises(Invalid) as refused:
        actions.file_measures(again(begun(complaint, du)), by=li, text=text)
    assert set(refused.value.fields) == {"text"}


def test_sent_back_they_are_owed_again_by_a_new_limit(complaint, du, li):
    watch = begun(complaint, du)
    measure = actions.file_measures(again(watch), by=li, text=DONE)
    with pytest.raises(Invalid, match="请写明哪里不够"):
        actions.review(measure, by=du, accept=False)
    actions.review(
        measure, by=du, accept=False, note="没有写谁负责", amount=Decimal(4), unit="hours"
    )
    now = again(watch)
    assert (now.stage, now.measures.get().verdict) == (Stage.DUE, Verdict.REFUSED)
    assert complaint.clocks.get(subject=watch.subject, stopped_at=None).due_at == now.due_at
    with pytest.raises(Refused, match="已经审过"):
        actions.review(measure, by=du, accept=True)
    second = actions.file_measures(again(watch), by=li, text=DONE)
    actions.review(second, by=du, accept=True)
    assert again(watch).stage == Stage.ACCEPTED
    assert story(complaint).count(What.MEASURES_FILED) == 4


@pytest.mark.parametrize("who", ["li", "chen", "manager"])
def test_only_the_officer_reviews(who, complaint, du, li, request):
    measure = actions.file_measures(again(begun(complaint, du)), by=li, text=DONE)
    with pytest.raises(NotPermitted, match="只有督办员"):
        actions.review(measure, by=request.getfixturevalue(who), accept=True)


def test_nobody_reviews_his_own_measures(complaint, du, after_sales):
    both = person("both", "身兼二职", Role.SUPERVISION, Role.MANAGER)
    measure = actions.file_measures(again(begun(complaint, du)), by=both, text=DONE)
    with pytest.raises(NotPermitted, match="另一位督办员"):
        actions.review(measure, by=both, accept=True)
    assert not actions.waiting_for(both).exists()


def test_what_was_filed_stays_even_in_the_database(complaint, du, li):
    measure = actions.file_measures(again(begun(complaint, du)), by=li, text=DONE)
    changes = (
        lambda: Measure.objects.filter(pk=measure.pk).update(text="没事了"),
        lambda: Measure.objects.filter(pk=measure.pk)._raw_delete("default"),
    )
    for change in changes:
        with pytest.raises(DatabaseError, match="stay as they were filed"), transaction.atomic():
            change()
    actions.review(measure, by=du, accept=True)
    with pytest.raises(DatabaseError, match="stay as they were filed"), transaction.atomic():
        Measure.objects.filter(pk=measure.pk).update(verdict="refused")


# --- lifting -----------------------------------------------------------------------------------


def test_the_officer_lifts_it_with_words_once_measures_are_accepted(complaint, du, li):
    watch = begun(complaint, du)
    with pytest.raises(Refused, match="还没有采纳的措施"):
        actions.lift(again(watch), by=du, words=SEEN)
    measure = actions.file_measures(again(watch), by=li, text=DONE)
    actions.review(measure, by=du, accept=True)
    with pytest.raises(Invalid, match="请写明核实了什么"):
        actions.lift(again(watch), by=du, words="好")
    actions.lift(again(watch), by=du, words=SEEN)
    assert fresh(complaint).supervised == ""
    event = complaint.events.get(what=What.SUPERVISION_LIFTED)
    assert (event.facts["words"], event.facts["result"]) == (SEEN, "措施已落实")
    with pytest.raises(Refused, match="已经解除"):
        actions.lift(again(watch), by=du, words=SEEN)


@pytest.mark.parametrize("who", ["manager", "chen", "li"])
def test_not_even_a_manager_lifts_it(who, complaint, du, li, request):
    watch = accepted(complaint, du, li)
    with pytest.raises(NotPermitted, match="只有督办员可以解除"):
        actions.lift(watch, by=request.getfixturevalue(who), words=SEEN)
    assert fresh(complaint).supervised == Level.ORDINARY


def test_one_begun_by_mistake_is_taken_back(complaint, du):
    watch = begun(complaint, du)
    actions.lift(watch, by=du, words="不是这件投诉", ending=Ending.MISTAKEN)
    assert complaint.clocks.get(subject=watch.subject).stopped_at is not None


def test_of_two_the_other_still_stands_on_the_spine(complaint, du, quality):
    first = begun(complaint, du, level=Level.SUMMONS)
    begun(complaint, du, department=quality)
    actions.lift(again(first), by=du, words="不是处理人的问题", ending=Ending.MISTAKEN)
    assert fresh(complaint).supervised == Level.ORDINARY


def test_an_officer_who_stands_aside_lifts_nothing(complaint, du, li, signed_in):
    watch = accepted(complaint, du, li)
    bar(fresh(complaint), by=du, person=du, reason="客户是我亲戚")
    page = signed_in(du)
    assert page.get(f"/supervision/{watch.pk}/").status_code == 404
    answer = page.post(f"/supervision/{watch.pk}/lifting/", {"words": SEEN, "ending": "done"})
    assert answer.status_code == 404
    assert complaint.number not in page.get("/supervision/").content.decode()


def test_a_head_who_is_barred_sees_nothing_of_it(complaint, du, chen, quality, shen, signed_in):
    watch = begun(complaint, du, department=quality)
    assert signed_in(shen).get(f"/supervision/{watch.pk}/").status_code == 200
    bar(fresh(complaint), by=chen, person=shen, reason="是被投诉的当事人")
    assert signed_in(shen).get(f"/supervision/{watch.pk}/").status_code == 404
    assert complaint.number not in signed_in(shen).get("/supervision/").content.decode()


# --- time --------------------------------------------------------------------------------------


def test_not_filed_in_time_it_is_late_and_rises_by_itself(complaint, du, li, clock):
    with clock("2026-11-25 10:00"):
        watch = begun(complaint, du, amount=Decimal(2), unit="hours")
    with clock("2026-11-25 12:30"):
        clocks.sweep()
        clocks.sweep()
        missed = complaint.events.get(what=What.CLOCK_MISSED, facts__subject=watch.subject)
        assert again(watch).late
        run_later(missed.pk)
        run_later(missed.pk)  # it may run twice
        now = again(watch)
        assert (now.level, now.late, now.stage) == (Level.POSTED, False, Stage.DUE)
        assert story(complaint).count(What.SUPERVISED) == 2
        measure = actions.file_measures(now, by=li, text=DONE)
    assert not measure.late  # of the new limit


def test_told_are_the_handler_the_officer_and_of_a_posted_one_those_above(
    complaint, du, li, chen, manager
):
    watch = begun(complaint, du, level=Level.POSTED)
    run_later(complaint.events.get(what=What.SUPERVISED).pk)
    told = set(Notice.objects.values_list("user__username", flat=True))
    assert told == {"li", "chen", "gao"}
    Notice.objects.all().delete()
    actions.file_measures(again(watch), by=li, text=DONE)
    filed = complaint.events.get(what=What.MEASURES_FILED)
    run_later(filed.pk)
    run_later(filed.pk)
    assert list(Notice.objects.values_list("user__username", flat=True)) == ["du"]


def test_the_head_is_told_and_led_to_what_he_owes_and_to_nothing_else(
    complaint, du, quality, shen, signed_in, api
):
    watch = begun(complaint, du, department=quality)
    run_later(complaint.events.get(what=What.SUPERVISED).pk)
    bell = signed_in(shen).get("/notices/bell/").content.decode()
    assert f"/supervision/{watch.pk}/" in bell and complaint.subject not in bell
    assert len(api(shen).get("/api/v1/notices").json()) == 1
    page = signed_in(shen).get(f"/supervision/{watch.pk}/").content.decode()
    assert WHY in page and complaint.subject not in page and complaint.customer.name not in page
    assert signed_in(shen).get(f"/complaints/{complaint.number}/").status_code == 404


# --- closing -----------------------------------------------------------------------------------


def test_a_posted_one_keeps_the_complaint_open_an_ordinary_one_does_not(
    make_complaint, after_sales, li, du
):
    from tests.roads import close, solved

    complaint = solved(make_complaint, after_sales, li)
    from tests.roads import feed_back

    feed_back(complaint, li)
    watch = begun(fresh(complaint), du, level=Level.POSTED)
    with pytest.raises(Refused, match="挂牌督办还没有解除"):
        close(fresh(complaint), li)
    actions.lift(again(watch), by=du, words="本不应当挂牌", ending=Ending.MISTAKEN)
    watch = begun(fresh(complaint), du)
    close(fresh(complaint), li)
    actions.lift(again(watch), by=du, words="已结案，客户满意")  # without measures: it has ended
    assert fresh(complaint).supervised == ""


# --- two at once -------------------------------------------------------------------------------


@pytest.fixture
def moving(make_complaint, after_sales, li):
    from tests.roads import assigned

    return assigned(make_complaint, after_sales, li)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_begin_at_once_one_does(moving, du, manager):
    results = at_once(lambda: begun(fresh(moving), du), lambda: begun(fresh(moving), manager))
    assert sum(isinstance(r, Refused) for r in results) == 1
    assert moving.supervisions.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_who_file_or_review_or_lift_at_once_one_does(moving, du, li, chen):
    watch = begun(moving, du)
    results = at_once(
        lambda: actions.file_measures(again(watch), by=li, text=DONE),
        lambda: actions.file_measures(again(watch), by=chen, text=DONE),
    )
    assert sum(isinstance(r, Refused) for r in results) == 1
    measure = watch.measures.get()

    def review(accept: bool) -> None:
        one = Measure.objects.select_related("supervision__complaint").get(pk=measure.pk)
        actions.review(one, by=du, accept=accept, note="不够具体")

    results = at_once(lambda: review(True), lambda: review(False))
    assert sum(isinstance(r, Refused) for r in results) == 1
    if again(watch).stage == Stage.DUE:
        actions.review(actions.file_measures(again(watch), by=li, text=DONE), by=du, accept=True)
    lift = lambda: actions.lift(again(watch), by=du, words=SEEN)  # noqa: E731
    results = at_once(lift, lift)
    assert sum(isinstance(r, Refused) for r in results) == 1
    assert story(moving).count(What.SUPERVISION_LIFTED) == 1
