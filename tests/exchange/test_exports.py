"""Lists that go out: exactly what the list shows, to whom it shows it, with a reason on record."""

import csv
import io
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from django.urls import reverse

from huiyin.ground.people.words import Role
from huiyin.ground.privacy.models import Export
from huiyin.ground.refusal import Invalid, NotPermitted
from huiyin.surface.exchange import actions
from huiyin.surface.exchange.actions import exports
from huiyin.surface.workbench.lists import Filters
from tests.conftest import person
from tests.exchange.conftest import sent

pytestmark = pytest.mark.django_db


@pytest.fixture
def take(signed_in):
    """`take(user, view="all")` exports as a browser does and gives the answer with the file."""

    def export(user, *, kind="csv", reason="月度复盘会使用", **asked):
        client = signed_in(user)
        url = reverse("exchange:exports")
        return client.post(url, {"kind": kind, "reason": reason, **asked}, follow=True)

    return export


def rows(answer) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(sent(answer).decode("utf-8-sig"))))


def numbers(answer) -> list[str]:
    return [row["编号"] for row in rows(answer)]


def test_the_file_holds_exactly_the_rows_of_the_list_in_its_order(
    take, signed_in, chen, make_complaint, after_sales, logistics, clock
):
    with clock("2026-11-20 10:00"):
        first = make_complaint(team=after_sales, status="HND", severity=2)
        make_complaint(team=after_sales, status="HND", severity=3)
    with clock("2026-11-21 10:00"):
        second = make_complaint(team=after_sales, status="HND", severity=2)
        make_complaint(team=logistics, status="HND", severity=2)
        make_complaint(team=after_sales, status="HND", severity=2, restricted=True)
    asked = {"view": "all", "severity": "2"}
    page = signed_in(chen).get(reverse("workbench:queue"), asked)
    assert [row.number for row in page.context["rows"]] == [second.number, first.number]
    assert numbers(take(chen, **asked)) == [second.number, first.number]


def test_everybody_gets_only_what_he_sees(take, make_complaint, after_sales, logistics, chen):
    other = person("fang", "方主管", Role.SUPERVISOR, teams=[logistics])
    mine = make_complaint(team=after_sales, status="HND")
    theirs = make_complaint(team=logistics, status="HND")
    assert numbers(take(chen, view="all")) == [mine.number]
    assert numbers(take(other, view="all")) == [theirs.number]


def test_names_and_numbers_of_people_are_masked(take, manager, make_complaint):
    make_complaint(status="HND")
    (row,) = rows(take(manager, view="all"))
    assert (row["客户"], row["电话"]) == ("王*", "138****8000")


@pytest.mark.parametrize("role", list(Role.values))
def test_only_who_answers_for_a_team_may_export(role, take, make_complaint, after_sales):
    user = person("somebody", "某人", role, teams=[after_sales])
    make_complaint(team=after_sales, status="HND")
    answer = take(user, view="all")
    allowed = role in ("manager", "supervisor", "lead", "supervision")
    assert answer.status_code == (200 if allowed else 403)
    assert Export.objects.count() == (1 if allowed else 0)


def test_an_export_is_on_record_with_its_reason_before_it_leaves(manager, make_complaint):
    make_complaint(status="HND")
    filters = Filters.read({"view": "all", "q": "电饭煲"})
    made = actions.begin_export(filters, by=manager, kind="csv", reason=" 月度  复盘 ")
    assert (made.by, made.rows, made.reason) == (manager, 1, "月度 复盘")
    assert made.asked == {"view": "all", "q": "电饭煲"}


@pytest.mark.parametrize("reason", ["", "  ", "abc", "\x00\x00\x00\x00\x00"])
def test_without_a_reason_nothing_leaves(take, manager, make_complaint, reason):
    make_complaint(status="HND")
    answer = take(manager, view="all", reason=reason)
    assert answer.status_code == 422
    assert "请写明导出理由" in answer.content.decode()
    assert Export.objects.count() == 0


def test_too_many_rows_are_a_sentence(manager, make_complaint, monkeypatch):
    monkeypatch.setattr(exports, "MOST_EXPORTED", 2)
    for _ in range(3):
        make_complaint(status="HND")
    with pytest.raises(Invalid, match="超过 2 条，请先用筛选缩小范围"):
        actions.begin_export(
            Filters.read({"view": "all"}), by=manager, kind="csv", reason="月度复盘会"
        )


def test_an_empty_list_is_a_sentence(take, manager):
    assert "没有符合条件的投诉可以导出" in take(manager, view="all").content.decode()


def test_a_list_is_not_exported_by_a_link(signed_in, manager):
    assert signed_in(manager).get(reverse("exchange:exports")).status_code == 405


def test_the_file_is_for_its_maker_and_for_ten_minutes(signed_in, manager, chen, make_complaint):
    make_complaint(status="HND")
    filters = Filters.read({"view": "all"})
    made = actions.begin_export(filters, by=manager, kind="csv", reason="月度复盘会")
    url = reverse("exchange:export", args=[made.pk])
    assert signed_in(manager).get(url).status_code == 200
    assert signed_in(chen).get(url).status_code == 404
    Export.objects.update(at=made.at - timedelta(minutes=11))
    answer = signed_in(manager).get(url)
    assert answer.status_code == 409
    assert "下载已过期" in answer.content.decode()


def test_who_lost_the_right_cannot_fetch_it(signed_in, manager, make_complaint):
    make_complaint(status="HND")
    made = actions.begin_export(
        Filters.read({"view": "all"}), by=manager, kind="csv", reason="月度复盘会"
    )
    manager.roles = [Role.AGENT]
    manager.save()
    url = reverse("exchange:export", args=[made.pk])
    assert signed_in(manager).get(url).status_code == 403


PAYLOADS = (
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1",
    "＝1",
    '=HYPERLINK("http://x","y")',
    "|x",
    "%0A=1",
)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_no_cell_is_a_formula(take, manager, make_complaint, kind):
    for payload in PAYLOADS:
        make_complaint(status="HND", subject=payload, wanted=payload, order_no=payload)
    answer = take(manager, kind=kind, view="all")
    if kind == "csv":
        found = {row["摘要"] for row in rows(answer)}
        assert found == {f"'{payload}" for payload in PAYLOADS}
        return
    sheet: Any = openpyxl.load_workbook(io.BytesIO(sent(answer))).active
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}
    assert {row[2].value for row in sheet.iter_rows(min_row=2)} == set(PAYLOADS)


def test_htmx_is_sent_to_the_file_and_the_dialog_closes(signed_in, manager, make_complaint):
    make_complaint(status="HND")
    answer = signed_in(manager).post(
        reverse("exchange:exports"),
        {"kind": "xlsx", "reason": "月度复盘会", "view": "all"},
        headers={"HX-Request": "true"},
    )
    made = Export.objects.get()
    assert answer["HX-Redirect"] == reverse("exchange:export", args=[made.pk])


def test_a_big_list_costs_the_same_queries_per_page(manager, make_complaint):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from huiyin.ground import moment
    from huiyin.surface.exchange import listing

    def cost(count):
        while len(list(listing.lines(found()))) < count:
            make_complaint(status="HND")
        with CaptureQueriesContext(
            connection,
        ) as seen:
            listing.list_file(found(), "csv").close()
        return len(seen)

    def found():
        return listing.ordered(Filters.read({"view": "all"}).pick(manager, moment.now()), "new")

    assert cost(3) == cost(30)


def test_only_who_may_export_is_shown_the_button(signed_in, manager, li):
    url = reverse("workbench:queue")
    assert 'data-dialog="#export"' in signed_in(manager).get(url).content.decode()
    assert 'data-dialog="#export"' not in signed_in(li).get(url).content.decode()


def test_nobody_else_reaches_the_act(li, make_complaint):
    with pytest.raises(NotPermitted, match="导出投诉列表"):
        actions.begin_export(Filters.read({"view": "all"}), by=li, kind="csv", reason="月度复盘会")
