"""The desk for programs."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from huiyin.journey.complaint.models import Complaint
from tests.chat.conftest import PNG

pytestmark = pytest.mark.django_db


def test_a_program_does_all_of_it(visit, li, luo, chen, api):
    def call(user, method, path, body=None):
        sent = getattr(api(user), method)
        more = {} if body is None else {"data": body, "content_type": "application/json"}
        return sent(f"/api/v1/chats{path}", **more)

    assert call(li, "put", "/seat", {"ready": False, "most": 4}).json() == {
        "ready": False,
        "most": 4,
    }
    assert call(li, "get", "/seat").json()["most"] == 4
    chat = visit("电饭煲不加热")
    assert [c["id"] for c in call(li, "get", "?view=waiting").json()["items"]] == [chat.pk]
    taken = call(li, "post", "/next").json()
    assert (taken["id"], taken["agent"]) == (chat.pk, "li")
    one = f"/{chat.pk}"
    assert call(luo, "get", one).status_code == 404
    said = call(li, "post", f"{one}/lines", {"text": "您好"})
    assert (said.status_code, said.json()["kind"]) == (201, "agent")
    stopped = call(li, "post", f"{one}/lines", {"text": "我们会给您退款 200 元"})
    assert stopped.status_code == 422
    picture = SimpleUploadedFile("a.png", PNG, "image/png")
    sent = api(li).post(f"/api/v1/chats{one}/files", {"file": picture})
    assert sent.json()["file"] == "a.png"
    assert call(chen, "post", f"{one}/whispers", {"text": "快点"}).status_code == 201
    assert call(luo, "post", f"{one}/whispers", {"text": "快点"}).status_code == 404
    assert call(li, "post", f"{one}/typing", {}).status_code == 204
    assert call(li, "post", f"{one}/reading", {"line": 1}).status_code == 204
    kinds = [line["kind"] for line in call(li, "get", f"{one}/lines").json()]
    assert kinds == ["visitor", "system", "agent", "agent", "whisper"]
    handed = call(li, "post", f"{one}/transfer", {"person": "luo", "note": "请接着"})
    assert handed.status_code == 204
    assert call(chen, "post", f"{one}/takeover").json()["agent"] == "chen"
    assert call(chen, "get", f"{one}/proposal").status_code == 200
    reason = {"reason": "回电核实情况"}
    assert call(chen, "post", f"{one}/contact", reason).json()["phone"] == ""
    ended = call(chen, "post", f"{one}/end", {"outcome": "complaint", "summary": "不加热"})
    assert ended.status_code == 200, ended.content.decode()
    assert ended.json()["complaint"] == Complaint.objects.get().number
    Complaint.objects.update(team=chen.teams.first())
    assert call(chen, "get", "?q=不加热").json()["items"][0]["state"] == "ended"
    assert call(chen, "get", "/today").json()["chats"] == 1
