"""The pages: the panel on the complaint page, the desk, the page of a task, the directory."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from huiyin.ground.people.models import User
from huiyin.ground.people.words import Role
from huiyin.ground.privacy.models import Reveal
from huiyin.ground.refusal import Refused
from huiyin.journey.closure.actions import missing_for_closing
from huiyin.journey.conversation.actions import add_evidence
from huiyin.journey.cooperation import actions as cooperation
from huiyin.journey.cooperation.models import Answer, Link, Task, TaskTemplate
from tests.conftest import person
from tests.roads import close, fresh, solved

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c6360000002000001e221bc330000000049454e44ae426082"
)


def url(name, task, *more):
    return reverse(f"cooperation:{name}", args=[task.pk, *more])


def upload(name="检验.pdf", data=PDF, kind="application/pdf"):
    return SimpleUploadedFile(name, data, kind)


# --- the complaint page ---


def test_the_panel_proposes_what_the_handling_rule_asks_for(complaint, li, qc, signed_in):
    client = signed_in(li)
    page = client.get(reverse("workbench:complaint", args=[complaint.number]))
    assert "这类投诉通常要请" in page.text
    template = TaskTemplate.objects.get(code="H04-BATCH")
    assert f"?template={template.pk}" in page.text
    form = client.get(
        reverse("cooperation:asking", args=[complaint.number]), {"template": template.pk}
    )
    assert template.question_zh.splitlines()[0] in form.text
    assert f'<option value="{qc.pk}" selected>' in form.text
    answer = client.post(
        reverse("cooperation:tasks", args=[complaint.number]),
        {
            "template": template.pk,
            "department": qc.pk,
            "question": template.question_zh,
            "title": template.title_zh,
            "part": "lead",
            "amount": "2",
            "unit": "work_days",
            "shows": "masked",
        },
    )
    assert answer.status_code == 204
    task = Task.objects.get()
    assert (task.template, task.part, task.by) == (template, "lead", li)
    page = client.get(reverse("workbench:panel", args=[complaint.number, "cooperation"]))
    assert f"?template={template.pk}" not in page.text
    assert reverse("desk:task", args=[task.pk]) in page.text


def test_who_neither_sends_nor_has_tasks_has_no_panel(complaint, du, signed_in):
    page = signed_in(du).get(reverse("workbench:complaint", args=[complaint.number]))
    assert 'data-panel="cooperation" hidden' in page.text


def test_a_wrong_form_says_where_the_fault_is(complaint, li, qc, signed_in):
    send = reverse("cooperation:tasks", args=[complaint.number])
    client = signed_in(li)
    for typed, status in (
        ({"department": "abc", "question": "查一查批次"}, 422),
        ({"department": qc.pk, "question": "查一查批次", "amount": "两天"}, 422),
        ({"department": qc.pk, "question": "查一查批次", "template": "999999"}, 404),
        ({}, 422),
    ):
        assert client.post(send, typed).status_code == status, typed
    assert not Task.objects.exists()


def test_open_tasks_keep_the_complaint_from_closing(make_complaint, after_sales, li, ask, jiang):
    from tests.roads import feed_back

    complaint = solved(make_complaint, after_sales, li)
    task = ask(complaint=complaint)
    feed_back(fresh(complaint), li)
    assert "还有协办任务没有办结：品控部" in missing_for_closing(fresh(complaint))
    with pytest.raises(Refused, match="还有协办任务没有办结"):
        close(fresh(complaint), li)
    cooperation.cancel(task, by=li, reason="已不需要")
    assert "协办" not in "".join(missing_for_closing(fresh(complaint)))


# --- the desk ---


def test_the_desk_of_a_department(ask, jiang, ge, shen, ning, warehouse, signed_in, client):
    given, free = ask(handler=jiang, title="查批次"), ask(title="查同类反映")
    ask(department=warehouse, title="查运单")
    desk = reverse("desk:list")
    assert client.get(desk).status_code == 302
    page = signed_in(jiang).get(desk)
    assert "品控部" in page.text
    assert "查批次" in page.text
    assert "查同类反映" in page.text
    assert "查运单" not in page.text
    assert "查批次" not in signed_in(ge).get(desk).text
    assert signed_in(shen).get(desk, {"view": "new"}).text.count("desk__row") >= 2
    cooperation.sign(given, by=jiang)
    assert "查批次" not in signed_in(jiang).get(desk, {"view": "new"}).text
    cooperation.cancel(free, by=free.by, reason="不需要了")
    assert "查同类反映" in signed_in(jiang).get(desk, {"view": "ended"}).text
    assert "查运单" in signed_in(ning).get(desk).text
    assert signed_in(jiang).get(desk, {"view": "nothing", "before": "x"}).status_code == 200


def test_departments_come_to_their_desk_and_handlers_to_theirs(jiang, li, signed_in, ask):
    ask(title="查批次")
    assert signed_in(jiang).get("/").url == reverse("desk:list")
    page = signed_in(li).get(reverse("desk:list"))
    assert "查批次" in page.text
    assert "我下发和经手的" in page.text


def test_the_page_of_a_task_is_masked_for_the_department_and_not_for_us(
    make_complaint, after_sales, li, qc, jiang, ask, signed_in
):
    complaint = make_complaint(
        team=after_sales,
        assignee=li,
        status="HND",
        text="我是王芳，电话 138 0013 8000，邮箱 wf@example.com，锅漏电。",
        order_no="20261125001234567",
    )
    task = ask(complaint=complaint, question="王芳 13800138000 的锅，请追溯批次。")
    page = signed_in(jiang).get(reverse("desk:task", args=[task.pk]))
    for secret in ("王芳", "138 0013 8000", "13800138000", "wf@example.com"):
        assert secret not in page.text
    assert "王*" in page.text
    assert "20261125001234567" in page.text
    assert reverse("workbench:complaint", args=[complaint.number]) not in page.text
    ours = signed_in(li).get(reverse("desk:task", args=[task.pk]))
    assert reverse("workbench:complaint", args=[complaint.number]) in ours.text


@pytest.mark.parametrize(("shows", "sees"), [("question", False), ("masked", True)])
def test_the_department_reads_what_the_task_shows(ask, jiang, complaint, signed_in, shows, sees):
    task = ask(shows=shows)
    page = signed_in(jiang).get(reverse("desk:task", args=[task.pk]))
    assert (complaint.text in page.text) == sees
    complaint.carry(restricted=True)
    page = signed_in(jiang).get(reverse("desk:task", args=[task.pk]))
    assert complaint.text not in page.text


def test_only_the_chosen_files_are_given_along(ask, jiang, ning, complaint, li, signed_in):
    chosen = add_evidence(complaint, by=li, upload=upload("锅底.png", PNG, "image/png"))
    other = add_evidence(complaint, by=li, upload=upload("合同.pdf"))
    task = ask(shows="files", files=[chosen])
    client = signed_in(jiang)
    assert client.get(url("file", task, chosen.uuid)).status_code == 200
    assert client.get(url("file", task, other.uuid)).status_code == 404
    assert signed_in(ning).get(url("file", task, chosen.uuid)).status_code == 404
    assert client.get(reverse("conversation:evidence_file", args=[chosen.uuid])).status_code == 404
    complaint.carry(restricted=True)
    assert client.get(url("file", task, chosen.uuid)).status_code == 404


def test_the_contact_is_shown_with_a_reason_and_only_where_the_task_allows_it(
    ask, jiang, ge, shen, signed_in, li
):
    closed, allowed = ask(handler=jiang), ask(handler=jiang, contact=True)
    client = signed_in(jiang)
    assert client.post(url("contact", closed), {"reason": "约时间上门"}).status_code == 403
    assert client.post(url("contact", allowed), {"reason": "看"}).status_code == 422
    assert signed_in(ge).post(url("contact", allowed), {"reason": "约时间"}).status_code == 404
    answer = client.post(url("contact", allowed), {"reason": "约时间上门"})
    assert "王芳" in answer.text
    assert "no-store" in answer["Cache-Control"]
    assert Reveal.objects.get().by == jiang
    page = client.get(reverse("desk:task", args=[allowed.pk]))
    assert "王芳" not in page.text


def test_signing_answering_and_accepting_in_the_browser(ask, jiang, li, signed_in, again):
    task = ask()
    theirs, ours = signed_in(jiang), signed_in(li)
    assert theirs.post(url("signing", task)).status_code == 204
    assert theirs.post(url("signing", task)).status_code == 409  # a stale page
    answer = theirs.post(url("answers", task), {"text": "", "files": [upload()]})
    assert answer.status_code == 422
    answer = theirs.post(url("answers", task), {"text": "批次 A7，合格。", "files": [upload()]})
    assert answer.status_code == 204
    page = ours.get(reverse("desk:task", args=[task.pk]))
    assert "批次 A7，合格。" in page.text
    assert "检验.pdf" in page.text
    assert ours.post(url("redo", task), {"reason": "缺报告原件", "amount": "1"}).status_code == 204
    assert again(task).state == "signed"
    theirs.post(url("answers", task), {"text": "补上原件。"})
    assert ours.post(url("acceptance", task)).status_code == 204
    assert again(task).state == "done"
    assert ours.post(url("acceptance", task)).status_code == 409


def test_a_file_that_is_refused_keeps_nothing_of_the_answer(ask, jiang, signed_in, again):
    task = ask()
    answer = signed_in(jiang).post(
        url("answers", task),
        {"text": "见附件里的程序。", "files": [upload(), upload("a.exe", b"MZ")]},
    )
    assert answer.status_code == 422
    assert (Answer.objects.count(), again(task).state) == (0, "sent")
    assert not task.complaint.evidence.exists()


def test_returning_sends_the_department_back_to_its_list(
    ask, jiang, shen, warehouse, li, signed_in, again, qc, du
):
    task = ask()
    client = signed_in(jiang)
    assert client.post(url("return", task), {"reason": "不归我们"}).status_code == 422
    answer = client.post(url("return", task), {"reason": "不归我们", "owner": warehouse.pk})
    assert answer.status_code == 204
    page = signed_in(li).get(reverse("desk:task", args=[task.pk]))
    assert "不归我们" in page.text
    moved = signed_in(li).post(url("sending_on", task), {"department": warehouse.pk})
    assert moved.status_code == 204
    assert client.get(reverse("desk:task", args=[task.pk])).status_code == 404
    assert client.post(url("signing", task)).status_code == 404


def test_disputing_and_ruling_in_the_browser(ask, jiang, warehouse, du, signed_in, again):
    task = ask()
    signed_in(jiang).post(url("dispute", task), {"reason": "是运输摔坏的", "owner": warehouse.pk})
    client = signed_in(du)
    assert "待裁定" in client.get(reverse("desk:list"), {"view": "disputes"}).text
    page = client.get(reverse("desk:task", args=[task.pk]))
    assert "裁定由谁办理" in page.text
    ruled = client.post(url("ruling", task), {"department": warehouse.pk, "reason": "外箱破损"})
    assert ruled.status_code == 204
    assert again(task).department == warehouse
    assert signed_in(jiang).get(reverse("desk:task", args=[task.pk])).status_code == 404


def test_handing_forwarding_and_more_time_in_the_browser(
    ask, jiang, ge, shen, warehouse, li, signed_in, again
):
    task = ask(handler=jiang)
    gone = signed_in(jiang).post(url("handing", task), {"to": ge.pk})
    assert gone["HX-Redirect"] == reverse("desk:list")
    asked = signed_in(ge).post(url("more_time", task), {"amount": "1", "reason": "送检要时间"})
    assert asked.status_code == 204
    request = again(task).more_time.get()
    page = signed_in(li).get(reverse("desk:task", args=[task.pk]))
    assert "送检要时间" in page.text
    granted = signed_in(li).post(url("time_decision", task, request.pk), {"granted": "1"})
    assert granted.status_code == 204
    assert again(task).clock is not None
    away = signed_in(ge).post(
        url("forwarding", task), {"department": warehouse.pk, "reason": "是仓库的事"}
    )
    assert away.status_code == 403
    moved = signed_in(shen).post(
        url("forwarding", task), {"department": warehouse.pk, "reason": "是仓库的事"}
    )
    assert moved["HX-Redirect"] == reverse("desk:list")


def test_talk_in_the_browser(ask, jiang, li, signed_in, complaint):
    task = ask()
    assert signed_in(li).post(url("remarks", task), {"text": "客户在等"}).status_code == 204
    assert signed_in(jiang).post(url("remarks", task), {"text": " "}).status_code == 422
    page = signed_in(jiang).get(reverse("desk:task", args=[task.pk]), {"part": "course"})
    assert "客户在等" in page.text
    story = signed_in(li).get(reverse("workbench:story", args=[complaint.number]))
    assert "客户在等" not in story.text


def test_what_is_written_is_shown_as_text(ask, jiang, li, signed_in):
    task = ask(question="<script>alert(1)</script> 查一下", title="<b>标题</b>")
    cooperation.remark(task, by=jiang, text="<img src=x onerror=alert(1)>")
    for user in (jiang, li):
        page = signed_in(user).get(reverse("desk:task", args=[task.pk]))
        assert "<script>alert" not in page.text
        assert "<img src=x" not in page.text
        assert "<b>标题</b>" not in page.text


@pytest.mark.parametrize(
    "name",
    [
        "signing",
        "answers",
        "return",
        "dispute",
        "handing",
        "forwarding",
        "more_time",
        "contact",
        "acceptance",
        "redo",
        "sending_on",
        "ruling",
        "cancellation",
        "remarks",
        "links",
    ],
)
def test_no_act_on_a_task_opens_to_another_department_or_team(
    name, ask, ning, sun, admin, signed_in, client, again
):
    task = ask()
    for stranger in (ning, sun, admin):
        answer = signed_in(stranger).post(url(name, task), {"text": "我来答", "reason": "理由充分"})
        assert answer.status_code == 404, stranger
    assert client.post(url(name, task)).status_code == 302
    assert again(task).state == "sent"
    assert not Link.objects.exists()


def test_the_directory_is_found_by_what_one_knows(li, jiang, admin, signed_in, qc, carrier, shen):
    page = signed_in(li).get(reverse("desk:directory"), {"q": "客户对接"})
    assert "迅达快运" in page.text
    assert "品控部" not in page.text
    assert "沈卓" in signed_in(jiang).get(reverse("desk:directory")).text
    assert "迅达" not in signed_in(li).get(reverse("desk:directory"), {"kind": "department"}).text
    assert signed_in(admin).get(reverse("desk:directory")).status_code == 403


def test_the_people_of_a_department_can_be_chosen(li, jiang, qc, carrier, signed_in):
    people = reverse("cooperation:people")
    assert "江涛" in signed_in(li).get(people, {"department": qc.pk}).text
    assert "没有登录账号" in signed_in(li).get(people, {"department": carrier.pk}).text
    User.objects.filter(pk=jiang.pk).update(is_active=False)
    assert "江涛" not in signed_in(li).get(people, {"department": qc.pk}).text


def test_a_head_without_tasks_reads_what_will_stand_there(signed_in, qc):
    head = person("nobody", "无事", Role.DEPT_HEAD, department=qc)
    page = signed_in(head).get(reverse("desk:list"))
    assert "派给本部门的任务会出现在这里" in page.text


def test_a_late_department_shows_in_the_queue_the_filter_and_the_head(
    ask, li, jiang, complaint, signed_in, clock
):
    with clock("2026-11-23 10:00"):
        task = ask()
    client = signed_in(li)
    with clock("2026-11-23 10:30"):
        assert "部门超时</b>" not in client.get(reverse("workbench:queue")).text
    with clock("2026-11-27 10:00"):
        assert "部门超时</b>" in client.get(reverse("workbench:queue")).text
        only = client.get(reverse("workbench:queue"), {"view": "all", "due": "department"})
        assert complaint.number in only.text
        head = client.get(reverse("workbench:anew", args=[complaint.number]))
        assert "部门超时 1" in head.text
        cooperation.cancel(task, by=li, reason="不需要了")
        only = client.get(reverse("workbench:queue"), {"view": "all", "due": "department"})
        assert complaint.number not in only.text
        head = client.get(reverse("workbench:anew", args=[complaint.number]))
        assert "部门超时" not in head.text


def test_the_desk_asks_alike_often_however_many_tasks_there_are(ask, jiang, li, signed_in):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    desk, ours = signed_in(jiang), signed_in(li)
    task = ask()

    def asked(client, path):
        client.get(path)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(path).status_code == 200
        return len(queries)

    paths = [(desk, reverse("desk:list")), (ours, reverse("desk:list"))]
    paths.append((ours, reverse("workbench:panel", args=[task.complaint.number, "cooperation"])))
    few = [asked(client, path) for client, path in paths]
    for _ in range(12):
        ask()
    many = [asked(client, path) for client, path in paths]
    assert many == few
    assert max(few) <= 22, few
    assert asked(desk, reverse("desk:task", args=[task.pk])) <= 34
