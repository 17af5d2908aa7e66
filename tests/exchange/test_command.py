"""manage import_complaints: every row becomes a complaint, once, and is told where it cannot."""

import csv

import pytest
from django.core.management import CommandError

from huiyin.journey.clocks.models import Clock
from huiyin.journey.complaint.models import Complaint, NumberSeries
from huiyin.journey.complaint.words import Channel, What
from huiyin.journey.conversation.models import Letter
from huiyin.journey.intake.models import Intake, Receipt
from huiyin.journey.intake.words import Via
from huiyin.journey.triage.models import Category, Triage
from huiyin.surface.exchange.models import Import
from huiyin.surface.notices.actions import thank_customer
from tests.conftest import at
from tests.exchange.conftest import HEADERS, ROWS

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


def test_every_row_has_number_category_severity_team_and_clock(file, imported, desk):
    out = imported(file())
    assert "已导入 3 条，此前已有 0 条，未导入 0 条" in out
    for complaint in Complaint.objects.all():
        assert complaint.number
        assert complaint.category
        assert complaint.severity
        assert complaint.team
        assert complaint.next_due_at
        assert complaint.clocks.count() >= 2
        assert Triage.objects.get(complaint=complaint).points, "severity has its reasons"
        assert Intake.objects.get(complaint=complaint).via == Via.IMPORT
    wang = Complaint.objects.get(customer__name="王芳")
    assert (wang.channel, wang.received_at) == (Channel.PHONE, at("2026-11-20 09:05"))
    assert wang.customer.contact("phone") == "138 0013 8000"


def test_running_it_twice_adds_nothing_also_from_another_file(file, imported):
    imported(file())
    again = imported(file())
    assert "已导入 0 条，此前已有 3 条" in again
    other = file(name="另一个.csv", encoding="gb18030", delimiter=";")
    assert "已导入 0 条，此前已有 3 条" in imported(other)
    assert Complaint.objects.count() == 3


def test_without_a_number_of_its_own_the_content_is_the_key(file, imported):
    texts = [["电饭煲不加热，没人回电"], ["快递没有收到，客服不管"], ["电饭煲不加热，没人回电"]]
    out = imported(file(texts, ["text"]))
    assert "已导入 2 条，此前已有 1 条" in out
    reordered = file(list(reversed(texts)), ["投诉内容"], name="b.csv")
    assert "已导入 0 条，此前已有 3 条" in imported(reordered)
    assert Receipt.objects.count() == 2


def test_the_same_number_with_other_content_is_told_and_changes_nothing(file, imported):
    imported(file())
    changed = [[*ROWS[0][:-1], "电饭煲后来又漏电了"], *ROWS[1:]]
    out = imported(file(changed))
    number = Complaint.objects.get(customer__name="王芳").number
    assert f"第 2 行：外部编号“K-1”此前已导入为 {number}，这次内容不同" in out
    assert Complaint.objects.filter(text__contains="漏电").count() == 0


def test_a_bad_row_is_reported_with_its_line_and_does_not_stop_the_others(file, imported, tmp_path):
    bad = ("=K-9", "2026-13-40", "电话", "孙先生", "12", "客服态度很差")
    out = imported(file([ROWS[0], bad, ROWS[2]]))
    assert "已导入 2 条，此前已有 0 条，未导入 1 条" in out
    assert "第 3 行：受理时间“2026-13-40”读不懂" in out
    text = (tmp_path / "投诉.csv.errors.csv").read_text(encoding="utf-8-sig")
    header, kept = csv.reader(text.splitlines())
    assert header == [*HEADERS, "行号", "原因"]
    assert kept[0] == "'=K-9"  # no formula in a file that will be opened in Excel
    assert kept[6] == "3"
    assert "电话“12”看起来不对" in kept[7]


def test_the_file_of_errors_can_be_imported_once_it_is_mended(file, imported, tmp_path):
    imported(file([(*ROWS[0][:1], "昨天", *ROWS[0][2:])]))
    errors = tmp_path / "投诉.csv.errors.csv"
    mended = errors.read_text(encoding="utf-8-sig").replace("昨天", "2026-11-20", 1)
    errors.write_text(mended, encoding="utf-8-sig")
    assert "已导入 1 条" in imported(errors)


def test_a_dry_run_writes_nothing(file, imported):
    out = imported(file([*ROWS, ("K-4", "", "", "", "", "")]), "--dry-run")
    assert "只检查，没有登记：可导入 3，此前已有 0，有问题 1" in out
    assert Complaint.objects.count() == 0
    assert Receipt.objects.count() == 0


def test_the_mapping_is_shown_and_can_be_overridden(file, imported):
    path = file([["甲乙", "电饭煲不加热", "不要了"]], ["备注", "诉求内容", "说明"])
    out = imported(path, "--dry-run")
    assert "2. 诉求内容 → 投诉内容    电饭煲不加热" in out
    assert "1. 备注 → （不导入）" in out
    out = imported(path, "--map", "text=说明", "wanted=诉求内容", "--map", "name=1")
    assert "3. 说明 → 投诉内容" in out
    complaint = Complaint.objects.get()
    assert (complaint.text, complaint.wanted, complaint.customer.name) == (
        "不要了",
        "电饭煲不加热",
        "甲乙",
    )


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--map", "text=没有"], "文件里没有“没有”这一列，有的是：外部编号"),
        (["--map", "nothing=姓名"], "--map 应写成 字段=列名"),
        (["--map", "text="], "没有认出“投诉内容”在哪一列"),
        (["--by", "nobody"], "没有名为“nobody”的在用账号"),
    ],
)
def test_what_cannot_be_done_is_a_sentence(file, imported, options, sentence):
    with pytest.raises(CommandError, match=sentence):
        imported(file(), *options)
    assert Complaint.objects.count() == 0


def test_who_may_not_import_may_not_by_the_command_either(file, imported, li, admin, chen):
    for user in (li, admin):
        with pytest.raises(CommandError, match="只有经理和值班主管可以导入投诉"):
            imported(file(), "--by", user.username)
    imported(file(), "--by", "chen")
    assert {c.received_by for c in Complaint.objects.all()} == {chen}


def test_an_old_complaint_is_numbered_and_timed_from_its_receipt(file, imported):
    imported(file([["K-1", "2024-03-01 10:00", "", "", "", "退款拖了半个月还没到账"]]))
    complaint = Complaint.objects.get()
    assert complaint.number == "TS2024-000001"
    assert NumberSeries.objects.get().year == 2024
    assert complaint.next_due_at
    assert complaint.next_due_at < at("2024-06-01 00:00")
    assert set(Clock.objects.values_list("started_at", flat=True)) >= {at("2024-03-01 10:00")}


def test_nobody_is_thanked_for_what_was_imported(file, imported):
    row = ["K-1", "", "邮件", "王芳", "wf@example.com", "电饭煲不加热"]
    imported(file([row], [*HEADERS[:4], "邮箱", "投诉内容"]))
    complaint = Complaint.objects.get()
    assert complaint.channel == Channel.EMAIL
    thank_customer(complaint.events.get(what=What.RECEIVED))
    assert Letter.objects.count() == 0


def test_categories_are_taken_by_code_and_by_name_and_others_are_left_to_the_reading(
    file, imported
):
    leaf = Category.objects.filter(level=2, retired_at=None)[0]
    heading = Category.objects.filter(level=1)[0]
    rows = [
        ["电饭煲不加热一", leaf.code],
        ["电饭煲不加热二", heading.name],
        ["三号来信不加热", "自编"],
    ]
    out = imported(file(rows, ["内容", "类别"]))
    assert "已导入 3 条" in out
    assert out.count("不在系统的列表里，已略过") == 2
    confirmed = Complaint.objects.get(category_confirmed=True)
    assert confirmed.category == leaf.code


def test_hostile_text_is_kept_as_text(file, imported):
    rows = [
        ["<script>alert(1)</script>坏了"],
        ["=cmd|' /C calc'!A0"],
        ["😀 مرحبا \u202e坏了"],
        ["a\x00b"],
    ]
    out = imported(file(rows, ["text"]))
    assert "已导入 3 条，此前已有 0 条，未导入 1 条" in out
    assert "第 5 行：投诉内容：内容里有无法保存的字符" in out
    texts = set(Complaint.objects.values_list("text", flat=True))
    assert texts == {"<script>alert(1)</script>坏了", "=cmd|' /C calc'!A0", "😀 مرحبا 坏了"}


def test_what_is_printed_cannot_steer_the_terminal(file, imported):
    out = imported(file([["\x1b[2J坏了很久"]], ["text"]), "--dry-run")
    assert "\x1b" not in out


def test_the_command_leaves_no_record_of_an_upload(file, imported):
    imported(file())
    assert Import.objects.count() == 0
