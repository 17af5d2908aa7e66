"""What managers set: limits, policies, calendars, days, routes, fields, remedies, money."""

import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from huiyin.ground.people.words import Role
from huiyin.ground.privacy.models import PrivacyNotice
from huiyin.ground.worktime.models import Calendar, CalendarDay
from huiyin.ground.worktime.words import DayKind
from huiyin.journey.clocks.models import Policy, Term
from huiyin.journey.intake.models import Field
from huiyin.journey.resolution.models import AuthorityLimit, Remedy
from huiyin.journey.routing.models import Route
from huiyin.surface.console.models import ConfigChange
from tests.conftest import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss(manager, signed_in):
    return signed_in(manager)


def test_a_limit_is_changed_with_its_history(boss, fill):
    term = Term.objects.filter(policy__code="SLA-STD")[0]
    assert fill(boss, "terms", term, amount="7").status_code == 302
    term.refresh_from_db()
    assert term.amount == 7
    change = ConfigChange.objects.get()
    assert change.section == "terms"
    assert [c["field"] for c in change.changes] == ["数量"]


@pytest.mark.parametrize(
    "typed", [{"amount": "0"}, {"amount": "-1"}, {"warn_percent": "100"}, {"calendar_code": "x"}]
)
def test_a_limit_without_sense_is_refused(boss, fill, typed):
    term = Term.objects.all()[0]
    assert fill(boss, "terms", term, **typed).status_code == 422


def test_a_policy_has_one_limit_of_a_kind(boss, fill):
    term = Term.objects.select_related("policy")[0]
    answer = fill(
        boss, "terms", parent=term.policy.pk, kind=term.kind, amount="1", unit="hours",
        calendar_code="office", warn_percent="80",
    )  # fmt: skip
    assert answer.status_code == 422
    assert "已经有" in answer.text


def test_an_unverified_policy_cannot_be_switched_on(boss, fill):
    policy = Policy.objects.create(code="CN-TEST", name_zh="试", status="unverified")
    page = boss.get(reverse("console:row", args=["policies", policy.pk]))
    assert "尚未核实" in page.text
    assert fill(boss, "policies", policy, enabled="on").status_code == 422
    assert fill(boss, "policies", policy, status="in_force", verified_on=None).status_code == 422
    answer = fill(
        boss, "policies", policy, status="in_force", verified_on="2026-11-01", enabled="on"
    )
    assert answer.status_code == 302
    policy.refresh_from_db()
    assert policy.enabled


def test_a_calendars_week_is_typed_as_hours(boss, fill):
    office = Calendar.objects.get(code="office")
    assert fill(boss, "calendars", office).status_code == 302
    assert not ConfigChange.objects.exists()
    answer = fill(
        boss, "calendars", office, saturday="9:00-12:00", monday="09:00–12:00 13:30至18:00"
    )
    assert answer.status_code == 302
    office.refresh_from_db()
    assert office.week[0] == [["09:00", "12:00"], ["13:30", "18:00"]]
    assert office.week[5] == [["09:00", "12:00"]]
    assert fill(boss, "calendars", office, monday="nine to five").status_code == 422
    assert fill(boss, "calendars", office, monday="25:00-26:00").status_code == 422


def test_the_year_of_a_calendar_shows_its_holidays(boss):
    office = Calendar.objects.get(code="office")
    page = boss.get(reverse("console:row", args=["calendars", office.pk]) + "?year=2026")
    days = {
        day.on: day.kind
        for month in page.context["months"]
        for week in month.weeks
        for day in week
        if day
    }
    assert len(days) == 365
    assert days[datetime.date(2026, 10, 1)] == "holiday"
    assert days[datetime.date(2026, 11, 22)] == "rest"
    assert days[datetime.date(2026, 11, 23)] == "work"
    makeup = CalendarDay.objects.filter(kind=DayKind.MAKEUP, day__year=2026)[0]
    assert days[makeup.day] == "makeup"


def test_a_day_of_one_calendar_is_added_and_taken_away(boss, fill):
    mall = Calendar.objects.get(code="mall")
    answer = fill(boss, "days", parent=mall.pk, day="2026-12-24", kind="holiday", name="盘点")
    assert answer.status_code == 302
    day = CalendarDay.objects.get(calendar=mall)
    answer = boss.post(reverse("console:state", args=["days", day.pk]), {"state": "removed"})
    assert answer.status_code == 302
    assert not CalendarDay.objects.filter(calendar=mall).exists()
    assert ConfigChange.objects.filter(section="days").count() == 2


def upload(text, encoding="utf-8"):
    return {"file": SimpleUploadedFile("days.csv", text.encode(encoding))}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_days_come_from_a_file_once_however_often_it_is_sent(boss, encoding):
    text = "day,kind,name,source\n2031-01-01,holiday,元旦,通知\n2031/01/02,调休上班,元旦调休,\n"
    for expected in (1, 1):
        answer = boss.post(reverse("console:import_days"), upload(text, encoding))
        assert answer.status_code == 302
        assert ConfigChange.objects.filter(did="imported").count() == expected
    days = CalendarDay.objects.filter(day__year=2031)
    assert [(str(d.day), d.kind, d.name) for d in days] == [
        ("2031-01-01", "holiday", "元旦"),
        ("2031-01-02", "makeup", "元旦调休"),
    ]


def test_a_bad_row_is_named_and_stops_no_other(boss):
    text = "day,kind,name\n2031-13-01,holiday,x\n2031-05-01,holiday,劳动节\n2031-05-02,party,<b>y\n"
    answer = boss.post(reverse("console:import_days"), upload(text))
    assert answer.status_code == 422
    assert "第 2 行" in answer.text
    assert "第 4 行" in answer.text
    assert "<b>y" not in answer.text
    assert CalendarDay.objects.filter(day__year=2031).count() == 1


@pytest.mark.parametrize("raw", [b"", b"\x00\xff\xfe\xfd", b"a,b\n1,2\n", b"x" * 600_000])
def test_a_file_that_is_none_is_refused_calmly(boss, raw):
    answer = boss.post(
        reverse("console:import_days"), {"file": SimpleUploadedFile("days.csv", raw)}
    )
    assert answer.status_code in (409, 422)


def test_only_who_configures_imports_days(chen, signed_in):
    answer = signed_in(chen).post(reverse("console:import_days"), upload("day,kind\n"))
    assert answer.status_code == 403


def test_a_route_needs_a_team_in_use(boss, fill, after_sales, logistics):
    from huiyin.ground import moment

    logistics.retired_at = moment.now()
    logistics.save()
    assert fill(boss, "routes", category_prefix="SV.01", team=logistics.pk).status_code == 422
    assert fill(boss, "routes", category_prefix="ZZ", team=after_sales.pk).status_code == 422
    assert fill(boss, "routes", category_prefix="SV.01", team=after_sales.pk).status_code == 302
    assert Route.objects.get(category_prefix="SV.01").team == after_sales


def test_a_field_is_made_of_lines_and_changed_without_losing_anything(boss, fill):
    for field in Field.objects.all():
        before = (field.shown_when, field.required_when, field.options, field.limits)
        assert fill(boss, "fields", field).status_code == 302, field.key
        field.refresh_from_db()
        assert (field.shown_when, field.required_when, field.options, field.limits) == before
    assert not ConfigChange.objects.exists()


UNDER_PD = '{"all": [{"field": "category", "is": "under", "value": "PD.03"}]}'


def test_a_new_field_is_asked_at_once(boss, fill):
    answer = fill(
        boss, "fields", label="颜色", key="colour", type="choice", position="5",
        options="red | 红 | Red\nblue | 蓝", categories="PD, AS", required_when=UNDER_PD,
    )  # fmt: skip
    assert answer.status_code == 302
    field = Field.objects.get(key="colour")
    assert field.spec.options == (("red", "红"), ("blue", "蓝"))
    assert field.categories == ["PD", "AS"]
    assert field.required_when == {"all": [{"field": "category", "is": "under", "value": "PD.03"}]}


@pytest.mark.parametrize(
    "typed",
    [
        {"key": "Bad Key", "type": "text"},
        {"key": "x", "type": "choice", "options": ""},
        {
            "key": "x",
            "type": "text",
            "shown_when": '{"all": [{"field": "category", "is": "like", "value": "PD"}]}',
        },
        {"key": "x", "type": "text", "shown_when": '{"all": [{"field": "team", "is": "filled"}]}'},
        {"key": "x", "type": "text", "shown_when": "类别 属于 PD"},
        {"key": "x", "type": "text", "shown_when": '{"all":' * 30_000},
        {"key": "x", "type": "choice", "options": "a | 一\na | 二"},
    ],
)
def test_a_field_without_sense_is_refused_with_a_sentence(boss, fill, typed):
    answer = fill(boss, "fields", label="x", position="5", **typed)
    assert answer.status_code == 422
    assert not Field.objects.filter(key="x").exists()


def test_a_remedy_is_retired_and_comes_back(boss, manager):
    remedy = Remedy.objects.all()[0]
    url = reverse("console:state", args=["remedies", remedy.pk])
    for _ in range(2):  # twice is once
        assert boss.post(url, {"state": "retired"}).status_code == 302
    assert remedy not in Remedy.objects.usable()
    assert boss.post(url, {"state": "used"}).status_code == 302
    assert remedy in Remedy.objects.usable()
    assert list(ConfigChange.objects.values_list("did", flat=True)) == ["restored", "retired"]
    assert boss.post(url, {"state": "removed"}).status_code == 409


def test_a_key_never_changes(boss, fill):
    remedy = Remedy.objects.all()[0]
    count = Remedy.objects.count()
    fill(boss, "remedies", remedy, code="OTHER", name_zh="换个名")
    assert Remedy.objects.count() == count
    remedy.refresh_from_db()
    assert remedy.name_zh == "换个名"


def test_money_is_typed_in_yuan_and_nobody_raises_his_own_limit(boss, fill, signed_in):
    agent = AuthorityLimit.objects.get(role=Role.AGENT, kind="")
    assert fill(boss, "limits", agent, per_case="88.50").status_code == 302
    agent.refresh_from_db()
    assert agent.per_case_fen == 8850
    own = AuthorityLimit.objects.get(role=Role.MANAGER, kind="")
    url = reverse("console:row", args=["limits", own.pk])
    assert boss.post(url, {"per_case": "1000000"}).status_code == 403
    finance = signed_in(person("cai", "财", Role.FINANCE))
    assert fill(finance, "limits", own, per_case="20000").status_code == 302


def test_a_privacy_notice_is_never_edited(boss, fill, manager):
    answer = fill(
        boss, "notices", version="2026-12", valid_from="2026-12-01T00:00", text_zh="告知全文"
    )
    assert answer.status_code == 302
    notice = PrivacyNotice.objects.get(version="2026-12")
    url = reverse("console:row", args=["notices", notice.pk])
    assert boss.post(url, {"text_zh": "改了"}).status_code == 404
    notice.refresh_from_db()
    assert notice.text_zh == "告知全文"


def test_a_supervisor_looks_but_changes_nothing(chen, signed_in):
    client = signed_in(chen)
    term = Term.objects.all()[0]
    for name, pk in (("policies", term.policy_id), ("terms", term.pk)):
        url = reverse("console:row", args=[name, pk])
        page = client.get(url)
        assert page.status_code == 200
        assert "保存修改" not in page.text
        assert client.post(url, {"amount": "1"}).status_code == 403
