"""The league: fair denominators, and rows that are exactly what a figure counts."""

import csv
from datetime import date, timedelta
from io import StringIO

import pytest

from huiyin.ground import moment
from huiyin.ground.people.words import Role
from huiyin.journey.clocks.models import Clock
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.cooperation import actions
from huiyin.journey.cooperation.models import Leg
from huiyin.surface.oversight import league
from huiyin.surface.oversight.rules.league import Cell, Line, period, ranked, whole
from tests.conftest import at, person
from tests.roads import assigned

NOON = at("2026-11-25 12:00")
TODAY = date(2026, 11, 25)


@pytest.mark.parametrize(
    ("key", "since", "until"),
    [
        ("week", date(2026, 11, 23), TODAY),
        ("month", date(2026, 11, 1), TODAY),
        ("last-month", date(2026, 10, 1), date(2026, 10, 31)),
        ("quarter", date(2026, 10, 1), TODAY),
        ("30", date(2026, 10, 27), TODAY),
        ("90", date(2026, 8, 28), TODAY),
        ("nonsense", date(2026, 10, 27), TODAY),
    ],
)
def test_a_period_is_whole_days(key, since, until):
    found = period(key, TODAY)
    assert (found.since, found.until) == (since, until)


def test_days_of_ones_own_are_put_in_order_and_bounded():
    own = period("own", TODAY, date(2026, 11, 20), date(2026, 11, 3))
    assert (own.since, own.until) == (date(2026, 11, 3), date(2026, 11, 20))
    ages = period("own", TODAY, date(1999, 1, 1), date(2099, 1, 1))
    assert ages.until == TODAY
    assert (ages.until - ages.since).days == 365
    assert period("own", TODAY, date(2026, 12, 3), date(2026, 12, 9)).since == TODAY


def line(key: str, part: int, of: int) -> Line:
    return Line(key, key, (Cell(part, of),))


def test_few_cases_have_no_rank_and_equals_share_one():
    found = ranked(
        [line("a", 9, 9), line("b", 18, 20), line("c", 9, 10), line("d", 5, 10), line("e", 0, 2)]
    )
    assert [(one.key, one.rank) for one in found] == [
        ("b", 1),
        ("c", 1),
        ("d", 3),
        ("a", None),
        ("e", None),
    ]
    assert whole(found) == (Cell(41, 51),)
    assert Cell(0, 0).share is None


# --- departments -----------------------------------------------------------------------------


@pytest.fixture
def tasks(db, complaint, make_complaint, after_sales, li, qc, warehouse, jiang, du):
    """At quality control: in time, late and redone, cancelled, rightly returned, a dispute lost,
    not due yet, and one whose customer has to answer; at the warehouse what was passed on."""
    with moment.at(NOON):

        def send(of=complaint):
            return actions.send(of, by=li, department=qc, question="请追溯生产批次。")

        prompt, slow, gone, returned, disputed, _fresh = (send() for _n in range(6))
        waiting = assigned(make_complaint, after_sales, li)
        stands = send(waiting)
        actions.cancel(gone, by=li, reason="客户找到了")
        actions.give_back(returned, by=jiang, reason="运输问题，不归本部门", owner=warehouse)
        actions.dispute(disputed, by=jiang, reason="不是质量问题，是运输")
        actions.rule(disputed, by=du, department=qc, reason="开箱即坏，归品控")
    with moment.at(NOON + timedelta(minutes=30)):
        actions.answer(prompt, by=jiang, text="批次 2026-09，检验合格，已附记录。")
        actions.accept(prompt, by=li)
        actions.send_on(returned, by=li, department=warehouse)
        actions.sign(stands, by=jiang)
        Complaint.objects.filter(pk=waiting.pk).update(status="WCU")
    with moment.at(NOON + timedelta(days=9)):
        Leg.objects.filter(task=disputed).update(sign_late=True, answer_late=True)  # the sweep
        actions.answer(slow, by=jiang, text="批次 2026-08，检验合格，已附记录。")
        actions.redo(slow, by=li, reason="没有附检验记录")
        yield {"prompt": prompt, "slow": slow, "disputed": disputed, "stands": stands}


def figures(user, of="departments", since=date(2026, 11, 1), until=date(2026, 12, 31)):
    this = next(one for one in league.LEAGUES if one.key == of)
    chosen = period("own", until, since, until)
    seen = Complaint.objects.visible_to(user)
    lines = this.lines(seen, chosen)
    return {
        one.key: {
            measure.key: (cell.part, cell.whole)
            for measure, cell in zip(this.measures, one.cells, strict=True)
        }
        for one in lines
    }


@pytest.mark.django_db
def test_denominators_are_fair(tasks, manager):
    found = figures(manager)
    assert found["qc"] == {
        "answered": (1, 3),  # in time, late, and the dispute that was lost
        "signed": (1, 3),
        "redone": (1, 2),  # of the answered
        "returned": (1, 5),  # neither the cancelled nor the one that waits for the customer
        "lost": (1, 5),
    }
    # What came to the warehouse is not late yet, so it counts for nothing but having come.
    assert found["warehouse"] == {
        "answered": (0, 0),
        "signed": (0, 0),
        "redone": (0, 0),
        "returned": (0, 1),
        "lost": (0, 1),
    }


@pytest.mark.django_db
def test_every_figure_opens_exactly_its_rows(tasks, manager):
    chosen = period("own", date(2026, 12, 31), date(2026, 11, 1), date(2026, 12, 31))
    seen = Complaint.objects.visible_to(manager)
    for code, cells in figures(manager).items():
        for measure in league.OF_DEPARTMENTS:
            for part, count in (("", cells[measure.key][1]), ("yes", cells[measure.key][0])):
                rows, _more = league.leg_rows(seen, chosen, measure, code=code, part=part, after=0)
                assert len(rows) == count, (code, measure.key, part)


@pytest.mark.django_db
def test_what_lies_outside_the_period_or_is_not_seen_counts_for_nothing(tasks, manager, logistics):
    assert figures(manager, since=date(2026, 11, 26)) == {}
    other = person("xue", "薛组长", Role.LEAD, teams=[logistics])
    assert figures(other) == {}


@pytest.mark.django_db
def test_the_page_the_rows_and_the_file(tasks, manager, signed_in):
    client = signed_in(manager)
    with moment.at(NOON + timedelta(days=10)):
        page = client.get("/board/league/?period=30")
        assert "样本不足" in page.text
        assert "1/3" in page.text
        href = page.context["lines"][0][1][0]["news"]
        rows = client.get(href).text
        assert rows.count("<tr data-row>") == 2
        assert tasks["prompt"].complaint.number in rows
        answer = client.get("/board/league/file/?period=30")
        assert "attachment" in answer["Content-Disposition"]
        lines = list(csv.reader(StringIO(answer.content.decode("utf-8-sig"))))
        assert lines[0][:4] == ["名次", "部门", "按时答复 %", "按时答复"]
        assert ["样本不足", "品控部", "33.3", "1", "3"] in [one[:5] for one in lines]
        for wrong in ("?of=x", "rows/?measure=x", "rows/?who=nobody"):
            assert client.get(f"/board/league/{wrong}").status_code == 404


@pytest.mark.django_db
def test_a_name_never_becomes_a_formula(tasks, qc, manager, signed_in):
    type(qc).objects.filter(pk=qc.pk).update(name="=HYPERLINK(1)")
    with moment.at(NOON + timedelta(days=10)):
        text = signed_in(manager).get("/board/league/file/?period=30").content.decode()
    assert "'=HYPERLINK(1)" in text


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["", "rows/", "file/"])
def test_it_is_for_those_who_answer_for_others(path, li, signed_in):
    assert signed_in(li).get(f"/board/league/{path}").status_code == 403


@pytest.mark.django_db
def test_pages_of_rows_follow_each_other(tasks, manager, monkeypatch):
    monkeypatch.setattr(league, "ROWS", 2)
    chosen = period("own", date(2026, 12, 31), date(2026, 11, 1), date(2026, 12, 31))
    seen = Complaint.objects.visible_to(manager)
    returned = next(one for one in league.OF_DEPARTMENTS if one.key == "returned")
    found: list[int] = []
    after: int | None = 0
    while after is not None:
        rows, after = league.leg_rows(seen, chosen, returned, code="qc", part="", after=after)
        found += [row.pk for row in rows]
    assert len(found) == len(set(found)) == 5


# --- teams -----------------------------------------------------------------------------------


@pytest.fixture
def closed(db, make_complaint, after_sales, logistics):
    """Three of after-sales, one of them late and one late only in its second round; one of
    logistics; one cancelled and one restricted, which count nowhere."""

    def make(team, *late, **fields):
        fields.setdefault("status", "CLO")
        one = make_complaint(
            team=team, severity=3, received_at=NOON - timedelta(days=8), closed_at=NOON, **fields
        )
        for is_late in late:
            due = NOON - timedelta(days=3)
            Clock.objects.create(
                complaint=one,
                kind="resolution",
                policy="SLA-S3",
                amount=5,
                unit="work_days",
                calendar_code="office",
                started_at=NOON - timedelta(days=8),
                due_at=due,
                first_due_at=due,
                warn_at=due,
                stopped_at=due + timedelta(hours=1 if is_late else -1),
            )
        return one

    return [
        make(after_sales, False),
        make(after_sales, True),
        make(after_sales, False, True),
        make(logistics, False),
        make(logistics),
        make(logistics, True, status="CAN"),
        make(logistics, True, restricted=True),
    ]


@pytest.mark.django_db
def test_teams_are_compared_by_what_they_closed_in_time(closed, manager):
    found = figures(manager, of="teams")
    assert found["aftersales"]["resolved"] == (1, 3)
    assert found["logistics"]["resolved"] == (1, 1)
    assert found["logistics"]["replied"] == (0, 0)


@pytest.mark.django_db
def test_the_rows_of_a_team_are_what_it_counts(closed, manager, signed_in):
    chosen = period("own", date(2026, 12, 31), date(2026, 11, 1), date(2026, 12, 31))
    seen = Complaint.objects.visible_to(manager)
    resolved = league.OF_TEAMS[0]
    for part, count in (("", 3), ("yes", 1), ("no", 2)):
        rows, _more = league.complaint_rows(
            seen, chosen, resolved, code="aftersales", part=part, after=0
        )
        assert len(rows) == count
    with moment.at(NOON):
        page = signed_in(manager).get("/board/league/?of=teams").text
        assert "1/3" in page
        rows = signed_in(manager).get(
            "/board/league/rows/?of=teams&who=aftersales&measure=resolved&part=no"
        )
        assert rows.text.count("<tr data-row>") == 2
