"""Importing in the browser: upload, columns, check, run, and what may go wrong on the way."""

from __future__ import annotations

import threading

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse

from huiyin.ground import moment
from huiyin.ground.people.words import Role
from huiyin.ground.refusal import NotPermitted, Refused
from huiyin.journey.complaint.models import Complaint
from huiyin.surface.exchange import actions
from huiyin.surface.exchange.models import Import, ImportRow
from huiyin.surface.exchange.tasks import carry_on_with
from huiyin.surface.exchange.words import Outcome, State
from tests.conftest import person
from tests.exchange.conftest import HEADERS, ROWS, sent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


@pytest.fixture
def uploaded(file, manager):
    """`uploaded(rows)` is an import whose file has just come in."""

    def upload(rows=ROWS, headers=HEADERS, *, by=manager, **how):
        raw = file(rows, headers, **how).read_bytes()
        return actions.upload(SimpleUploadedFile("来件.csv", raw), by=by)

    return upload


@pytest.fixture
def checked(uploaded, manager):
    def check(*args, **how):
        one = uploaded(*args, **how)
        actions.choose(one, by=manager, mapping=one.mapping)
        carry_on_with(one.pk)
        one.refresh_from_db()
        return one

    return check


def test_the_road_from_a_file_to_complaints(file, signed_in, manager):
    client = signed_in(manager)
    upload = SimpleUploadedFile(
        "来件.csv", file([*ROWS, ["K-9", "", "", "", "1", "x"]]).read_bytes()
    )
    page = client.post(reverse("exchange:imports"), {"file": upload}, follow=True)
    one = Import.objects.get()
    html = page.content.decode()
    assert "电饭煲第一次用就不加热，没人回电" in html
    assert '<option value="phone" selected>' in html
    assert Complaint.objects.count() == 0

    chosen = {f"column-{place}": column for column, place in one.mapping.items()}
    page = client.post(reverse("exchange:mapping", args=[one.pk]), chosen, follow=True)
    assert "正在检查每一行" in page.content.decode()
    carry_on_with(one.pk)
    html = client.get(reverse("exchange:import", args=[one.pk])).content.decode()
    assert "导入 3 条投诉" in html
    assert "电话“1”看起来不对" in html

    client.post(reverse("exchange:run", args=[one.pk]))
    carry_on_with(one.pk)
    html = client.get(reverse("exchange:import", args=[one.pk])).content.decode()
    assert "已完成" in html
    assert Complaint.objects.count() == 3
    assert {c.received_by for c in Complaint.objects.all()} == {manager}
    kept = client.get(reverse("exchange:errors", args=[one.pk]))
    assert kept["Content-Disposition"].startswith("attachment")
    lines = sent(kept).decode("utf-8-sig").splitlines()
    assert len(lines) == 2
    assert lines[1].startswith("K-9,") and ",5," in lines[1]


def test_a_cell_of_the_file_is_only_text_on_the_page(uploaded, signed_in, manager):
    one = uploaded([['<img src=x onerror="a()">坏了'], ["<b>1"]], ["<script>x</script>内容"])
    html = signed_in(manager).get(reverse("exchange:import", args=[one.pk])).content.decode()
    assert "<img src=x" not in html
    assert "&lt;img src=x" in html


def test_supervisors_see_their_own_imports_managers_all_and_others_none(
    uploaded, signed_in, manager, chen, li, admin
):
    hers = uploaded(by=chen)
    his = uploaded(by=manager)
    other = person("fang", "方主管", Role.SUPERVISOR)
    seen = {chen: {hers}, manager: {hers, his}, other: set(), li: set(), admin: set()}
    for user, imports in seen.items():
        assert set(Import.objects.visible_to(user)) == imports
    assert signed_in(other).get(reverse("exchange:import", args=[hers.pk])).status_code == 404
    assert signed_in(li).get(reverse("exchange:import", args=[hers.pk])).status_code == 403
    for verb in ("mapping", "run", "halt", "removal"):
        url = reverse(f"exchange:{verb}", args=[hers.pk])
        assert signed_in(admin).post(url).status_code == 403
        assert signed_in(other).post(url).status_code == 404


def test_who_may_not_import_uploads_nothing(file, li, settings, tmp_path):
    with pytest.raises(NotPermitted):
        actions.upload(SimpleUploadedFile("a.csv", file().read_bytes()), by=li)
    assert not (tmp_path / "imports").exists()


def test_a_file_that_is_no_table_is_told_and_not_kept(signed_in, manager, tmp_path):
    png = SimpleUploadedFile("a.csv", b"\x89PNG\r\n\x1a\n")
    answer = signed_in(manager).post(reverse("exchange:imports"), {"file": png})
    assert answer.status_code == 422
    assert "这不是表格文件" in answer.content.decode()
    assert list((tmp_path / "imports").iterdir()) == []
    assert "请先选择要导入的文件" in (
        signed_in(manager).post(reverse("exchange:imports")).content.decode()
    )


@pytest.mark.parametrize(
    ("chosen", "sentence"),
    [
        ({"column-0": "phone"}, "没有认出“投诉内容”在哪一列"),
        ({"column-5": "text", "column-4": "text"}, "有两列都选了“投诉内容”"),
        ({"column-5": "text", "column-99": "phone"}, "文件里没有这一列"),
        ({"column-5": "text", "column-1": "password"}, "文件里没有这一列"),
    ],
)
def test_a_mapping_that_cannot_be_is_told(uploaded, signed_in, manager, chosen, sentence):
    one = uploaded()
    answer = signed_in(manager).post(reverse("exchange:mapping", args=[one.pk]), chosen)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    one.refresh_from_db()
    assert one.state == State.MAPPING


def test_each_step_is_taken_once(checked, uploaded, manager):
    one = uploaded()
    with pytest.raises(Refused, match="刷新"):
        actions.run(one, by=manager)  # not checked yet
    one = checked()
    actions.run(one, by=manager)
    with pytest.raises(Refused, match="刷新"):
        actions.run(one, by=manager)
    with pytest.raises(Refused, match="刷新"):
        actions.choose(one, by=manager, mapping=one.mapping)


def test_it_halts_and_goes_on(checked, manager):
    one = checked()
    actions.run(one, by=manager)
    actions.halt(one, by=manager)
    carry_on_with(one.pk)
    assert Complaint.objects.count() == 0
    actions.run(one, by=manager)
    carry_on_with(one.pk)
    assert Complaint.objects.count() == 3


def test_a_job_that_was_killed_goes_on_where_it_was(checked, manager, monkeypatch):
    from huiyin.surface.exchange.actions import imports

    one = checked()
    actions.run(one, by=manager)
    settle = imports._settle

    class Killed(BaseException):
        """As if the process had ended here."""

    def killed_at_the_second(of, line, row, there):
        if line.number == 3:
            raise Killed
        settle(of, line, row, there)

    monkeypatch.setattr(imports, "_settle", killed_at_the_second)
    with pytest.raises(Killed):
        carry_on_with(one.pk)
    monkeypatch.undo()
    assert Complaint.objects.count() == 1
    carry_on_with(one.pk)
    carry_on_with(one.pk)  # and once more than needed
    one.refresh_from_db()
    assert (one.state, Complaint.objects.count()) == (State.DONE, 3)
    assert one.tally() == {Outcome.ADDED: 3, Outcome.KNOWN: 0, Outcome.BAD: 0}


@pytest.mark.django_db(transaction=True)
def test_two_workers_with_the_same_import_make_each_complaint_once(checked, manager):
    one = checked([[f"第 {n} 台电饭煲不加热"] for n in range(30)], ["text"])
    actions.run(one, by=manager)
    failed = []

    def work():
        try:
            carry_on_with(one.pk)
        except Exception as error:
            failed.append(error)
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert failed == []
    assert Complaint.objects.count() == 30
    assert ImportRow.objects.filter(of=one).count() == 30
    one.refresh_from_db()
    assert one.state == State.DONE


def test_an_import_does_not_wait_behind_what_follows_from_another():
    from huiyin.journey.complaint.tasks import follow_later

    assert carry_on_with.priority > follow_later.priority


def test_the_same_reason_is_told_once_with_its_lines(checked, signed_in, manager):
    rows = [["坏了很久没人管", "12"], *[[f"第 {n} 台坏了", "1"] for n in range(9)]]
    one = checked(rows, ["内容", "电话"])
    told = one.checked["faults"]
    assert [(t["count"], t["lines"]) for t in told] == [(9, [3, 4, 5, 6, 7, 8]), (1, [2])]
    html = signed_in(manager).get(reverse("exchange:import", args=[one.pk])).content.decode()
    assert "3、4、5、6、7、8…" in html
    assert "条投诉</button>" not in html, "there is nothing to import"


def test_a_check_tells_which_numbers_now_say_something_else(checked, signed_in, manager):
    one = checked()
    actions.run(one, by=manager)
    carry_on_with(one.pk)
    number = Complaint.objects.get(text=ROWS[0][-1]).number
    changed = [[*ROWS[0][:-1], "后来又漏电了"], ROWS[1], [*ROWS[1][:-1], "别的事"]]
    told = checked(changed).checked
    assert (told["added"], told["known"], told["bad"]) == (0, 1, 2)
    assert f"外部编号“K-1”此前已导入为 {number}，这次内容不同" in told["faults"][0]["reason"]
    page = signed_in(manager).get(reverse("exchange:import", args=[Import.objects.latest("pk").pk]))
    assert "没有新的投诉可以导入" in page.content.decode()


def test_a_number_that_stands_twice_in_a_file_is_told(checked):
    told = checked([ROWS[0], [*ROWS[0][:-1], "别的事"], ROWS[0]]).checked
    assert (told["added"], told["known"], told["bad"]) == (1, 1, 1)
    assert "外部编号“K-1”在文件里不止一次" in told["faults"][0]["reason"]


def test_the_same_file_again_adds_nothing(checked, manager):
    for count in (3, 0):
        one = checked()
        assert one.checked[Outcome.ADDED] == count
        actions.run(one, by=manager)
        carry_on_with(one.pk)
        assert one.tally()[Outcome.ADDED] == count
    assert Complaint.objects.count() == 3


def test_who_lost_the_right_meanwhile_imports_no_more(checked, manager):
    one = checked()
    actions.run(one, by=manager)
    manager.roles = [Role.AGENT]
    manager.save()
    carry_on_with(one.pk)
    one.refresh_from_db()
    assert (one.state, one.fault) == (State.FAILED, "只有经理和值班主管可以导入投诉")
    assert Complaint.objects.count() == 0


def test_a_file_that_vanished_is_told(checked, manager):
    one = checked()
    one.file.unlink()
    actions.run(one, by=manager)
    carry_on_with(one.pk)
    one.refresh_from_db()
    assert one.state == State.FAILED
    assert "打不开文件" in one.fault


def test_a_file_can_be_discarded_until_something_was_imported(
    uploaded, checked, manager, django_capture_on_commit_callbacks
):
    one = uploaded()
    with django_capture_on_commit_callbacks(execute=True):
        actions.discard(one, by=manager)
    assert not one.file.exists()
    assert not Import.objects.exists()
    one = checked()
    actions.run(one, by=manager)
    carry_on_with(one.pk)
    with pytest.raises(Refused, match="已经开始导入"):
        actions.discard(one, by=manager)


def test_files_go_after_thirty_days_and_what_became_of_the_rows_stays(checked, manager, clock):
    one = checked()
    actions.run(one, by=manager)
    carry_on_with(one.pk)
    path = one.file
    assert actions.sweep_imports() == 0
    with clock("2026-12-27 10:00"):
        assert actions.sweep_imports() == 1
        assert actions.sweep_imports() == 0
    assert not path.exists()
    assert one.rows.count() == 3
    one.refresh_from_db()
    with pytest.raises(Refused, match="已按期限删除"):
        assert one.file


def test_progress_is_asked_for_in_the_background_and_ends_with_a_whole_page(
    checked, signed_in, manager
):
    one = checked()
    client = signed_in(manager)
    actions.run(one, by=manager)
    url = reverse("exchange:import", args=[one.pk])
    part = client.get(url, headers={"HX-Request": "true"})
    assert 'hx-trigger="every 1s"' in part.content.decode()
    assert "<html" not in part.content.decode()
    carry_on_with(one.pk)
    over = client.get(url, headers={"HX-Request": "true"})
    assert over["HX-Refresh"] == "true"
    assert moment.now()
