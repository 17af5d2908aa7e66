"""Everything a person may do with tasks, a program may do in his name."""

from __future__ import annotations

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from huiyin.journey.cooperation.models import Link, Task
from tests.conftest import at

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@pytest.fixture
def post(api):
    def asked(user, path, **body):
        return api(user).post(f"/api/v1{path}", json.dumps(body), "application/json")

    return asked


def test_the_whole_road_by_program(complaint, li, jiang, shen, qc, warehouse, du, api, post, clock):
    with clock("2026-11-23 10:00"):
        proposed = api(li).get(f"/api/v1/complaints/{complaint.number}/tasks/proposals").json()
        assert [one["code"] for one in proposed] == ["H04-BATCH"]
        sent = post(
            li,
            f"/complaints/{complaint.number}/tasks",
            department="qc",
            question="请追溯批次。",
            template="H04-BATCH",
            part="lead",
        )
        assert sent.status_code == 201, sent.content
        task = sent.json()["id"]
        assert (sent.json()["due_kind"], sent.json()["late"]) == ("task_sign_in", False)
        assert post(jiang, f"/tasks/{task}/signing").status_code == 201
        asked = post(jiang, f"/tasks/{task}/time-requests", amount="1", reason="送检要时间")
        assert asked.status_code == 201
        path = f"/tasks/{task}/time-requests/{asked.json()['id']}"
        assert post(li, path, granted=True).json()["granted"] is True
        disputed = post(jiang, f"/tasks/{task}/dispute", reason="是运输摔坏的", owner="warehouse")
        assert disputed.json()["state"] == "disputed"
        ruled = post(du, f"/tasks/{task}/ruling", department="qc", reason="外观完好，属品控")
        assert (ruled.json()["state"], ruled.json()["ruled"]) == ("signed", True)
        file = SimpleUploadedFile("记录.pdf", PDF, "application/pdf")
        answered = api(jiang).post(
            f"/api/v1/tasks/{task}/answers", {"text": "批次 A7，合格。", "files": [file]}
        )
        assert answered.status_code == 201, answered.content
        assert answered.json()["files"][0]["name"] == "记录.pdf"
        assert post(li, f"/tasks/{task}/redo", reason="缺原始记录").json()["redone"] == 1
        api(jiang).post(f"/api/v1/tasks/{task}/answers", {"text": "补上原始记录。"})
        assert post(li, f"/tasks/{task}/remarks", text="收到，谢谢").json()["ours"] is True
        assert post(li, f"/tasks/{task}/acceptance", note="清楚").json()["state"] == "done"
    one = api(jiang).get(f"/api/v1/tasks/{task}").json()
    assert [line["kind"] for line in one["course"] if line["kind"] != "event"] == [
        "answer",
        "answer",
        "remark",
    ]
    assert one["question"] == "请追溯批次。"
    assert [row["id"] for row in api(jiang).get("/api/v1/tasks?state=done").json()] == [task]
    assert api(jiang).get("/api/v1/tasks?state=open").json() == []
    assert api(li).get(f"/api/v1/complaints/{complaint.number}/tasks").json()[0]["id"] == task


def test_returning_sending_on_forwarding_cancelling(
    ask, li, jiang, shen, ge, qc, warehouse, ning, post, again
):
    task = ask()
    assert post(jiang, f"/tasks/{task.pk}/return", reason="不归我们").status_code == 422
    gone = post(jiang, f"/tasks/{task.pk}/return", reason="不归我们", owner="warehouse")
    assert gone.status_code == 201
    on = post(li, f"/tasks/{task.pk}/sending-on", department="warehouse", handler="ning")
    assert (on.json()["department"], on.json()["handler"]) == ("warehouse", "ning")
    assert post(li, f"/tasks/{task.pk}/cancellation", reason="不需要了").json()["state"] == (
        "cancelled"
    )
    other = ask(handler=jiang)
    handed = post(jiang, f"/tasks/{other.pk}/forwarding", handler="ge")
    assert handed.json()["handler"] == "ge"
    moved = post(shen, f"/tasks/{other.pk}/forwarding", department="warehouse", reason="是仓库的事")
    assert moved.json()["department"] == "warehouse"


def test_what_is_unknown_says_what(complaint, li, post, ask):
    path = f"/complaints/{complaint.number}/tasks"
    assert post(li, path, department="nowhere", question="查一查").status_code == 422
    assert post(li, path, department="", question="查一查").status_code == 422
    ask()
    wrong = post(li, path, department="qc", question="查一查批次", handler="nobody")
    assert "没有这样的账号" in wrong.json()["detail"]
    files = ["00000000-0000-4000-8000-000000000000"]
    gone = post(li, path, department="qc", question="查一查批次", shows="files", files=files)
    assert gone.status_code == 422
    assert Task.objects.count() == 1


def test_a_department_reads_a_task_masked(make_complaint, after_sales, li, jiang, ask, api):
    complaint = make_complaint(
        team=after_sales, assignee=li, status="HND", text="王芳，138 0013 8000，锅漏电。"
    )
    task = ask(complaint=complaint, question="王芳的锅请追溯批次。")
    theirs = api(jiang).get(f"/api/v1/tasks/{task.pk}").json()
    assert "王芳" not in json.dumps(theirs, ensure_ascii=False)
    assert "138****8000" in theirs["text"]
    assert api(jiang).get(f"/api/v1/complaints/{complaint.number}").status_code == 404
    assert api(li).get(f"/api/v1/tasks/{task.pk}").json()["question"] == task.question


def test_nobody_else_reaches_a_task(ask, ning, sun, admin, api, post):
    task = ask()
    for stranger in (ning, sun, admin):
        assert api(stranger).get(f"/api/v1/tasks/{task.pk}").status_code == 404
        for act in ("signing", "return", "dispute", "acceptance", "remarks", "links"):
            body = {"reason": "理由充分", "text": "我来", "name": "某人", "owner": "", "note": ""}
            assert post(stranger, f"/tasks/{task.pk}/{act}", **body).status_code == 404
    assert api(admin).get("/api/v1/tasks").json() == []


def test_the_directory_for_programs(li, jiang, admin, qc, carrier, shen, api):
    found = api(li).get("/api/v1/departments?q=客户对接").json()
    assert [one["code"] for one in found] == ["xunda"]
    assert found[0]["contact_email"] == "claims@example.com"
    assert {one["code"] for one in api(jiang).get("/api/v1/departments").json()} >= {"qc", "xunda"}
    assert api(li).get("/api/v1/departments?kind=planet").status_code == 422
    assert api(admin).get("/api/v1/departments").status_code == 403


def test_a_link_is_given_once_and_revoked(ask, li, carrier, api, post, clock, again):
    with clock("2026-11-23 10:00"):
        task = ask(department=carrier)
        made = post(li, f"/tasks/{task.pk}/links", name="客户对接组", days=3)
        assert made.status_code == 201
        assert "/answer/" in made.json()["address"]
        link = Link.objects.get()
        assert link.expires_at == at("2026-11-26 10:00")
        assert made.json()["address"].rstrip("/").rsplit("/", 1)[1] not in str(
            list(Link.objects.values())
        )
        gone = api(li).delete(f"/api/v1/tasks/{task.pk}/links/{link.pk}")
    assert gone.status_code == 204
    assert Link.objects.get().revoked_at is not None
