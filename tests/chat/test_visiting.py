"""What a page of a site may ask, with which origin and token, and what it is refused."""

from __future__ import annotations

import json
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from huiyin.ground import moment
from huiyin.journey.channels.chat import actions, limits
from huiyin.journey.channels.chat.models import Chat, ChatFile, Line, Site
from huiyin.journey.channels.chat.words import By, ChatState, Outcome
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.conversation.models import Letter
from tests.chat.conftest import ORIGIN, new_token, sits
from tests.chat.test_talking import PNG

pytestmark = pytest.mark.django_db


class Browser:
    """A page of a site, with the token of one visitor."""

    def __init__(self, token: str = "", origin: str = ORIGIN, site: str = "shop") -> None:
        self.token, self.origin, self.site = token or new_token(), origin, site
        self.client = Client(enforce_csrf_checks=True)

    def headers(self) -> dict[str, str]:
        found = {"Origin": self.origin} if self.origin else {}
        return {**found, "Authorization": f"Bearer {self.token}"} if self.token else found

    def get(self, path: str, **more):
        return self.client.get(f"/chat/{self.site}/{path}", headers=self.headers(), **more)

    def post(self, path: str, body: object = None, **more):
        data = json.dumps({} if body is None else body)
        more.setdefault("content_type", "application/json")
        return self.client.post(f"/chat/{self.site}/{path}", data, headers=self.headers(), **more)

    def begin(self, text: str = "电饭煲不加热", **more):
        body = {
            "text": text,
            "client": str(uuid.uuid4()),
            "privacy_version": "2026-11",
            "page_url": "https://shop.example.com/item/7?token=secret#x",
            "page_title": "电饭煲",
            **more,
        }
        return self.post("begin/", body)

    def say(self, text: str, client: str = "", **more):
        return self.post("lines/", {"text": text, "client": client or str(uuid.uuid4()), **more})


@pytest.fixture
def visitor(shop):
    return Browser()


def test_a_visitor_begins_speaks_and_reads(visitor, li):
    begun = visitor.begin()
    assert begun.status_code == 201
    assert begun.headers["Access-Control-Allow-Origin"] == ORIGIN
    assert "Origin" in begun.headers["Vary"]
    assert not begun.cookies
    told = begun.json()
    assert (told["state"], told["ahead"]) == ("waiting", None)  # nobody sits there
    sits(li, most=0)
    assert visitor.get("lines/?since=0").json()["ahead"] == 0
    sits(li)
    chat = Chat.objects.get()
    assert chat.page_url == "https://shop.example.com/item/7"  # without what may be secret
    actions.accept(chat, by=li)
    actions.answer(chat, by=li, text="您好", client=uuid.uuid4())
    assert visitor.say("还在吗").status_code == 201
    news = visitor.get(f"lines/?since={told['lines'][0]['id']}").json()
    assert [one["kind"] for one in news["lines"]] == ["system", "agent", "visitor"]
    assert (news["state"], news["agent"]) == ("open", "李明")
    assert news["lines"][1]["who"] == "李明"


def test_a_page_that_is_opened_anew_has_all_of_a_long_chat(visitor, li):
    """Also when it is over, and no stream brings the rest."""
    visitor.begin("第一句")
    chat = Chat.objects.get()
    Line.objects.bulk_create(
        Line(chat=chat, kind="visitor", text=f"{n}", at=moment.now()) for n in range(600)
    )
    actions.accept(chat, by=li)
    actions.end(chat, by=li, outcome="none", summary="只是聊聊")
    lines = visitor.get("lines/?since=0").json()["lines"]
    assert (len(lines), lines[-1]["text"]) == (603, "客服已结束会话")


def test_only_the_hash_of_the_token_is_kept_and_it_stands_in_no_address(visitor):
    visitor.begin()
    chat = Chat.objects.get()
    assert visitor.token not in json.dumps(list(Chat.objects.values()), default=str)
    assert visitor.client.get(f"/chat/shop/lines/?token={visitor.token}").status_code == 403
    assert chat.token_hash


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://shop.example.com"])
def test_a_foreign_origin_gets_nothing_and_no_cors(visitor, origin):
    visitor.begin()
    foreign = Browser(visitor.token, origin)
    for answer in (foreign.begin(), foreign.get("lines/"), foreign.say("x"), foreign.get("")):
        assert answer.status_code == 403
        assert "Access-Control-Allow-Origin" not in answer.headers
        assert "Origin" in answer.headers["Vary"]
    assert Line.objects.count() == 1


def test_without_an_origin_nothing_begins(shop):
    assert Browser(origin="").begin().status_code == 403


def test_the_browser_may_ask_whether_it_may_ask(visitor):
    answer = visitor.client.options(
        "/chat/shop/lines/",
        headers={"Origin": ORIGIN, "Access-Control-Request-Method": "POST"},
    )
    assert answer.status_code == 204
    assert answer.headers["Access-Control-Allow-Headers"] == "authorization, content-type"
    assert "Access-Control-Allow-Credentials" not in answer.headers


@pytest.mark.parametrize("token", ["", "x", "a" * 43, "../" * 20, "A" * 5000])
def test_a_wrong_token_opens_nothing(visitor, token):
    visitor.begin()
    stranger = Browser(token or "-")
    assert stranger.get("lines/").status_code == 403
    assert stranger.say("我是他").status_code == 403
    assert stranger.post("end/").status_code == 403
    assert stranger.get("live/").status_code == 403
    assert Line.objects.count() == 1


def test_the_token_of_one_site_opens_nothing_at_another(visitor, after_sales):
    Site.objects.create(
        code="other", name="别家", origins=[ORIGIN], team=after_sales, calendar_code="always"
    )
    visitor.begin()
    assert Browser(visitor.token, site="other").get("lines/").status_code == 403


def test_what_is_sent_again_is_one_line_and_told_alike(visitor):
    visitor.begin()
    client = str(uuid.uuid4())
    first, again = visitor.say("一次", client), visitor.say("一次", client)
    assert first.json() == again.json()
    assert Line.objects.filter(text="一次").count() == 1


def test_a_whisper_never_reaches_him(visitor, li, chen):
    visitor.begin()
    chat = Chat.objects.get()
    actions.accept(chat, by=li)
    actions.whisper(chat, by=chen, text="悄悄话", client=uuid.uuid4())
    assert "悄悄话" not in visitor.get("lines/?since=0").content.decode()


@pytest.mark.parametrize(
    "body", ["", "[]", "nonsense", '{"text": 7}', '{"client": "x", "text": "y"}', "[" * 9000]
)
def test_whatever_is_sent_is_answered_with_a_sentence(visitor, body):
    visitor.begin()
    answer = visitor.client.post(
        "/chat/shop/lines/", body, content_type="application/json", headers=visitor.headers()
    )
    assert answer.status_code == 422
    assert answer.json()["detail"]


@pytest.mark.parametrize("text", ["\x00", "   ", "", "\u202e" * 3 + "\ud800", "长" * 4001])
def test_empty_and_huge_words_are_refused(visitor, text):
    visitor.begin()
    answer = visitor.say(text)
    assert answer.status_code in (201, 422)
    if answer.status_code == 422:
        assert answer.json()["detail"]
    else:
        assert "\x00" not in Line.objects.latest("pk").text


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"x", "multipart/form-data"),
        (b"--x\r\nbroken", "multipart/form-data; boundary=x"),
        (
            b"".join(
                b'--x\r\nContent-Disposition: form-data; name="f%d"\r\n\r\nx\r\n' % n
                for n in range(1100)
            )
            + b"--x--\r\n",
            "multipart/form-data; boundary=x",
        ),
    ],
)
def test_what_is_no_form_is_refused_with_a_sentence_that_his_page_may_read(visitor, body, kind):
    visitor.begin()
    headers = visitor.headers()
    answer = visitor.client.post("/chat/shop/files/", body, content_type=kind, headers=headers)
    assert answer.status_code in (400, 422)
    assert answer.json()["detail"].endswith(("请刷新页面后重试", "请选择文件"))
    assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN


def test_a_file_that_is_not_there_is_told_in_a_sentence(visitor):
    visitor.begin()
    answer = visitor.get(f"files/{uuid.uuid4()}/")
    assert (answer.status_code, answer.json()["detail"]) == (404, "没有找到，或者您无权查看")


def test_a_huge_body_is_not_read(visitor):
    visitor.begin()
    assert visitor.say("x" * 70_000).status_code == 413


def test_a_file_comes_once_is_said_and_can_be_had_by_him_only(visitor, li):
    visitor.begin()
    client = str(uuid.uuid4())

    def put():
        upload = SimpleUploadedFile("锅底.png", PNG)
        return visitor.client.post(
            "/chat/shop/files/", {"file": upload, "client": client}, headers=visitor.headers()
        )

    first, again = put(), put()
    assert first.status_code == 201
    assert first.json() == again.json()
    assert ChatFile.objects.count() == 1
    uid = first.json()["id"]
    assert visitor.get(f"files/{uid}/").status_code == 404  # not said yet
    assert visitor.say("", file=uid).status_code == 201
    assert visitor.say("", file=uid).status_code == 422
    answer = visitor.get(f"files/{uid}/")
    assert b"".join(answer.streaming_content) == PNG
    assert answer.headers["Content-Disposition"].startswith("attachment")
    other = Browser()
    other.begin()
    assert other.get(f"files/{uid}/").status_code == 404


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.svg", b"<svg onload=alert(1)>"),
        ("a.html", b"<script>"),
        ("a.png", b"MZ\x90"),
        ("a.png", b""),
    ],
)
def test_what_is_active_or_not_what_it_says_is_refused_with_a_sentence(visitor, name, data):
    visitor.begin()
    answer = visitor.client.post(
        "/chat/shop/files/",
        {"file": SimpleUploadedFile(name, data), "client": str(uuid.uuid4())},
        headers=visitor.headers(),
    )
    assert answer.status_code == 422
    assert name.split(".")[0] in answer.json()["detail"]


def test_a_file_beyond_the_limit_is_refused_with_the_same_sentence_by_all(visitor):
    visitor.begin()
    told = visitor.get("").json()
    assert told["most"] == 10 * 1024 * 1024
    assert told["texts"]["tooLarge"] == "“{name}”超过 10 MB，请压缩后再发"
    huge = SimpleUploadedFile("录像.mp4", b"0" * (told["most"] + 70_000))
    sent = {"file": huge, "client": str(uuid.uuid4())}
    answer = visitor.client.post("/chat/shop/files/", sent, headers=visitor.headers())
    assert answer.status_code == 413
    assert "10 MB" in answer.json()["detail"]


def test_too_much_is_too_much(visitor, monkeypatch):
    monkeypatch.setitem(limits.LIMITS, "say", (3, 60))
    monkeypatch.setitem(limits.LIMITS, "begin", (2, 60))
    monkeypatch.setitem(limits.LIMITS, "wrong", (2, 60))
    assert visitor.begin().status_code == 201
    assert [visitor.say(str(n)).status_code for n in range(4)] == [201, 201, 201, 429]
    assert Browser().begin().status_code == 201
    assert Browser().begin().status_code == 429
    wrong = [Browser().get("lines/").status_code for _ in range(3)]
    assert wrong == [403, 403, 429]
    assert visitor.get("lines/").status_code == 200  # at the same address, with the right token


def test_leaving_the_queue_makes_a_complaint_with_its_code(visitor):
    visitor.begin("锅炸了")
    told = visitor.post("end/").json()
    complaint = Complaint.objects.get()
    assert told["state"] == "ended"
    assert told["number"] == complaint.number
    assert told["code"].replace("-", "") == complaint.tracking_code


def test_the_code_of_an_older_complaint_is_not_told(visitor, li, make_complaint, after_sales):
    visitor.begin()
    chat = Chat.objects.get()
    actions.accept(chat, by=li)
    old = make_complaint(team=after_sales, assignee=li)
    actions.end(chat, by=li, outcome=Outcome.EXISTING, summary="催进度", complaint=old)
    told = visitor.get("lines/").json()
    assert (told["number"], told["code"]) == (old.number, "")


def test_rating_only_after_the_end(visitor, li):
    visitor.begin()
    chat = Chat.objects.get()
    actions.accept(chat, by=li)
    assert visitor.post("rating/", {"stars": 5}).status_code == 409
    visitor.post("end/")
    assert visitor.post("rating/", {"stars": 6}).status_code == 422
    assert visitor.post("rating/", {"stars": 4, "words": "还行"}).status_code == 204
    chat.refresh_from_db()
    assert (chat.rating, chat.rating_words) == (4, "还行")


def test_a_copy_goes_once_and_only_of_what_was_answered(visitor, li):
    visitor.begin()
    chat = Chat.objects.get()
    assert visitor.post("copy/", {"email": "wf@example.com"}).status_code == 409
    actions.accept(chat, by=li)
    actions.answer(chat, by=li, text="您好", client=uuid.uuid4())
    assert visitor.post("copy/", {"email": "a@b\r\nBcc: c@d.cn"}).status_code == 422
    assert visitor.post("copy/", {"email": "wf@example.com"}).status_code == 204
    assert visitor.post("copy/", {"email": "wf@example.com"}).status_code == 409
    letter = Letter.objects.get()
    assert letter.recipient == "wf@example.com"
    assert "您好" in letter.body


def test_a_site_that_is_off_is_not_there(visitor, shop):
    Site.objects.update(enabled=False)
    assert visitor.get("").status_code == 404
    assert visitor.begin().status_code == 404


def test_what_the_widget_must_know_in_both_languages(visitor, shop):
    Site.objects.update(greeting_zh="您好", greeting_en="Hello")
    chinese, english = visitor.get("").json(), visitor.get("?l=en").json()
    assert (chinese["greeting"], english["greeting"]) == ("您好", "Hello")
    assert chinese["version"] == "2026-11"
    assert chinese["open"] is True


def test_all_of_the_widget_is_smaller_than_thirty_kilobytes(client, shop):
    answer = client.get("/chat/widget.js")
    assert answer.headers["Content-Type"].startswith("text/javascript")
    assert len(answer.content) < 30_000
    assert b"__CSS__" not in answer.content
    again = client.get("/chat/widget.js", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    assert b"innerHTML" not in answer.content
    assert b"eval(" not in answer.content


def test_nobody_answers_a_closed_chat_state(visitor):
    visitor.begin()
    visitor.post("end/", {"leave": False})
    assert Chat.objects.get().state == ChatState.ENDED
    assert visitor.say("x").status_code == 409
    assert Line.objects.filter(kind=By.VISITOR).count() == 1
