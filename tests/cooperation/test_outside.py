"""An outsider answers through a link: what it opens, what it never tells, how it ends."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from huiyin.ground import moment
from huiyin.ground.refusal import Invalid, NotPermitted, Refused
from huiyin.journey.conversation.actions import add_evidence, send_due_letters
from huiyin.journey.conversation.models import Letter
from huiyin.journey.cooperation import actions as cooperation
from huiyin.journey.cooperation.models import Answer, Link, Remark
from tests.roads import story

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@pytest.fixture(autouse=True)
def _nothing_is_counted_yet():
    cache.clear()


@pytest.fixture
def task(ask, carrier):
    return ask(department=carrier, question="请提供签收底单。", title="签收底单")


@pytest.fixture
def opened(task, li):
    """(path of the page, link) for 迅达."""
    link, address = cooperation.issue(task, by=li, name="迅达快运 · 客户对接组")
    token = address.rstrip("/").rsplit("/", 1)[1]
    return reverse("desk:outside", args=[token]), link


def act(path, name):
    return f"{path}{name}/"


def test_the_token_has_256_bits_and_only_its_hash_is_kept(task, li):
    link, address = cooperation.issue(task, by=li, name="迅达")
    token = address.rstrip("/").rsplit("/", 1)[1]
    assert len(bytes.fromhex(token)) == 32
    assert token not in str(list(Link.objects.values()))
    assert cooperation.opened(token) == link
    _other, another = cooperation.issue(task, by=li, name="迅达")
    assert another != address
    assert cooperation.opened(token) is None  # the new one ends the old one


def test_the_page_shows_the_task_masked_and_tells_the_link_to_nobody(
    opened, client, task, complaint, settings
):
    path, _link = opened
    page = client.get(path)
    assert page.status_code == 200
    assert "请提供签收底单。" in page.text
    assert "王芳" not in page.text
    assert page["Referrer-Policy"] == "no-referrer"
    assert "no-store" in page["Cache-Control"]
    assert "noindex" in page["X-Robots-Tag"]
    assert "/complaints/" not in page.text


def test_signing_answering_and_talking_without_an_account(opened, client, task, li, again):
    path, link = opened
    assert client.post(act(path, "signing")).status_code == 302
    assert (again(task).state, again(task).current.signed_by) == ("signed", "迅达快运 · 客户对接组")
    assert client.post(act(path, "remarks"), {"text": "底单下午给"}).status_code == 302
    file = SimpleUploadedFile("底单.pdf", PDF, "application/pdf")
    answer = client.post(
        act(path, "answers"), {"text": "已签收，见底单。", "uploads": [file]}, follow=True
    )
    assert "已收到您的答复" in answer.text
    made = Answer.objects.get()
    assert (made.name, made.link, made.by.is_system) == ("迅达快运 · 客户对接组", link, True)
    assert (made.files.get().source, made.files.get().internal) == ("third", True)
    assert Remark.objects.get().ours is False
    assert again(task).handler is None
    event = task.complaint.events.get(what="task_answered")
    assert event.facts["words"] == "通过链接：迅达快运 · 客户对接组"
    assert "task_answered" in story(task.complaint)


def test_a_browser_posts_from_a_page_without_referrer_with_the_origin_null(opened, again, task):
    path, _link = opened
    browser = Client(enforce_csrf_checks=True, headers={"Origin": "null"})
    browser.get(path)
    assert browser.post(act(path, "signing")).status_code == 302
    assert again(task).state == "signed"
    page = browser.get(path)
    assert 'action="/language/"' not in page.text  # that form would be refused from here
    assert "?lang=en" in page.text


def test_a_get_changes_nothing(opened, client, task, again):
    path, _link = opened
    for url in (path, *(act(path, name) for name in ("signing", "answers", "remarks"))):
        assert client.get(url).status_code in (200, 405)
    assert again(task).state == "sent"
    assert not Remark.objects.exists()


def test_what_is_wrong_is_said_and_what_was_typed_stays(opened, client, task, again):
    path, _link = opened
    answer = client.post(act(path, "answers"), {"text": ""})
    assert answer.status_code == 422
    bad = SimpleUploadedFile("底单.exe", b"MZ\x90", "application/pdf")
    answer = client.post(act(path, "answers"), {"text": "已签收，见底单。", "uploads": [bad]})
    assert answer.status_code == 422
    assert "类型不支持" in answer.text
    assert "已签收，见底单。" in answer.text
    assert (again(task).state, Answer.objects.count()) == ("sent", 0)
    assert not task.complaint.evidence.exists()


@pytest.mark.parametrize("end", ["revoked", "expired", "cancelled", "done", "wrong", "short"])
def test_a_link_that_has_ended_is_as_if_it_had_never_been(
    end, opened, client, task, li, warehouse, again
):
    path, link = opened
    at_ = moment.now()
    if end == "revoked":
        cooperation.revoke(link, by=li)
    elif end == "expired":
        at_ += timedelta(days=8)
    elif end == "cancelled":
        cooperation.cancel(again(task), by=li, reason="改由仓储办")
    elif end == "done":
        client.post(act(path, "answers"), {"text": "已签收，见底单。"})
        cooperation.accept(again(task), by=li)
    elif end == "wrong":
        path = reverse("desk:outside", args=["0" * 64])
    else:
        path = reverse("desk:outside", args=["x"])
    with moment.at(at_):
        for ask in (
            lambda: client.get(path),
            lambda: client.post(act(path, "signing")),
            lambda: client.post(act(path, "answers"), {"text": "再答一次看看"}),
        ):
            answer = ask()
            assert answer.status_code == 404
            assert "签收底单" not in answer.text


def test_who_opened_a_file_behind_a_link_is_in_its_custody(opened, client):
    path, _link = opened
    proof = SimpleUploadedFile("签收单.pdf", PDF, "application/pdf")
    client.post(act(path, "signing"))
    client.post(act(path, "answers"), {"text": "已签收，见底单。", "uploads": [proof]})
    file = Answer.objects.get().files.get()
    address = reverse("desk:outside_file", args=[path.rstrip("/").rsplit("/", 1)[1], file.uuid])
    for _again in range(2):
        assert client.get(address).status_code == 200
    copy = file.custody.get()
    assert (copy.act, copy.by.is_system) == ("copied", True)
    assert copy.words == "外部单位 · 迅达快运 · 客户对接组"


def test_a_link_opens_its_own_task_and_its_own_files_only(opened, client, ask, qc, complaint, li):
    path, link = opened
    file = add_evidence(
        complaint, by=li, upload=SimpleUploadedFile("合同.pdf", PDF, "application/pdf")
    )
    token = path.rstrip("/").rsplit("/", 1)[1]
    assert client.get(reverse("desk:outside_file", args=[token, file.uuid])).status_code == 404
    other = ask(department=qc, title="别的任务")
    assert "别的任务" not in client.get(path).text
    for url in (
        reverse("desk:task", args=[link.task_id]),
        reverse("cooperation:signing", args=[other.pk]),
        "/complaints/",
    ):
        assert client.get(url).status_code in (302, 404, 405)


def test_noise_is_limited_per_address(opened, client):
    path, _link = opened
    wrong = reverse("desk:outside", args=["1" * 64])
    answers = {client.get(wrong).status_code for _ in range(40)}
    assert answers == {404, 429}
    assert client.get(path).status_code == 200  # who has the right one is not locked out
    assert Client(REMOTE_ADDR="203.0.113.9").get(wrong).status_code == 404
    acted = [client.post(act(path, "remarks"), {"text": f"第 {n} 句"}) for n in range(25)]
    assert 302 in {one.status_code for one in acted}
    assert "太频繁" in acted[-1].text


def test_the_letter_holds_no_token_until_it_is_sent(task, li, settings):
    settings.EMAIL_HOST = "mail.example.com"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    link, address = cooperation.issue(
        task, by=li, name="客户对接组", email="claims@example.com", language="en"
    )
    token = address.rstrip("/").rsplit("/", 1)[1]
    letter = Letter.objects.get(purpose="task_link")
    assert token not in letter.body
    assert "王芳" not in letter.body
    send_due_letters()
    assert address in mail.outbox[0].body
    assert mail.outbox[0].to == ["claims@example.com"]
    letter.refresh_from_db()
    assert (letter.state, token in letter.body) == ("sent", False)
    assert cooperation.opened(token) == link


def test_a_letter_of_a_revoked_link_leads_nowhere(task, li, settings):
    settings.EMAIL_HOST = "mail.example.com"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    link, address = cooperation.issue(task, by=li, name="对接", email="claims@example.com")
    cooperation.revoke(link, by=li)
    send_due_letters()
    assert address not in mail.outbox[0].body
    assert "链接已失效" in mail.outbox[0].body


def test_who_may_make_a_link_and_for_what(task, ask, qc, li, sun, jiang, again):
    for stranger in (sun, jiang):
        with pytest.raises(NotPermitted):
            cooperation.issue(task, by=stranger, name="我自己")
    wrongs: list[dict[str, Any]] = [{"name": ""}, {"email": "nicht@"}, {"days": 400}]
    for wrong in wrongs:
        with pytest.raises(Invalid):
            cooperation.issue(task, by=li, **{"name": "对接", **wrong})
    cooperation.cancel(again(task), by=li, reason="不需要了")
    with pytest.raises(Refused, match="不等部门答复"):
        cooperation.issue(again(task), by=li, name="对接")


def test_the_contact_is_never_for_an_outsider(ask, carrier, opened, client):
    with pytest.raises(Invalid, match="不能给外部单位"):
        ask(department=carrier, contact=True)
    path, _link = opened
    assert "联系客户" not in client.get(path).text


def test_the_page_speaks_english_to_whom_it_was_made_for(task, li, client):
    _link, address = cooperation.issue(task, by=li, name="Xunda", language="en")
    token = address.rstrip("/").rsplit("/", 1)[1]
    page = client.get(reverse("desk:outside", args=[token]))
    assert 'lang="en"' in page.text
