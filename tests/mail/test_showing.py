"""The original of a mail: made harmless, seen by whoever sees its complaint, its images by us."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import BytesIO

import pytest
from PIL import Image

from huiyin.ground import moment
from huiyin.ground.privacy.models import Export
from huiyin.journey.channels.mail.actions import fetching, showing
from huiyin.journey.channels.mail.models import Mail, Part, Picture, Touch
from huiyin.journey.channels.mail.reading import beside
from huiyin.journey.conversation.actions import customer_wrote
from tests.mail.servers import free_port

pytestmark = pytest.mark.django_db


def picture(kind="PNG") -> bytes:
    made = BytesIO()
    Image.new("RGB", (8, 8), "red").save(made, kind)
    return made.getvalue()


def mail_of(complaint=None, html="", text="正文", **fields):
    fields.setdefault("state", "handled" if complaint else "held")
    return Mail.objects.create(
        source="imap",
        raw=fields.pop("raw", b"From: a@example.com\r\n\r\nx"),
        size=1,
        sha256="",
        received_at=moment.now(),
        next_try_at=moment.now(),
        complaint=complaint,
        html=html,
        text=text,
        sender="wf@example.com",
        sender_name="王芳",
        subject="坏了",
        **fields,
    )


PAYLOADS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)><animate onbegin=alert(1)></svg>",
    '<a href="javascript:alert(1)">x</a>',
    '<a href="java&#9;script:alert(1)">x</a>',
    '<a href=" data:text/html,<script>alert(1)</script>">x</a>',
    '<a href="vbscript:x">x</a><a href="//evil.example/x">x</a>',
    '<iframe src="https://evil.example/"></iframe><object data="x"></object><embed src="x">',
    '<form action="https://evil.example/"><input name=a><button>x</button></form>',
    "<style>@import url(https://evil.example/x.css); body{background:url(https://e.example/)}</style>",
    '<div style="background:url(https://evil.example/x)">x</div>',
    '<div style="position:fixed;top:0;width:100%;z-index:9">x</div>',
    '<div style="color:expression(alert(1));width:\\75rl(x)">x</div>',
    '<link rel=stylesheet href="https://evil.example/x.css"><base href="https://evil.example/">',
    '<meta http-equiv=refresh content="0;url=https://evil.example/">',
    '<img src="https://evil.example/p.gif" srcset="https://evil.example/2x.gif 2x">',
    '<table background="https://evil.example/b.gif"><tr><td background="https://evil.example/c.gif">',
    '<video src="https://evil.example/v"></video><audio src="https://evil.example/a"></audio>',
    "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    '<img alt="<img src=https://evil.example/x>" src="https://evil.example/y?src=1">',
    "<input autofocus onfocus=alert(1)><details ontoggle=alert(1) open>x</details>",
    '<img src="data:image/svg+xml;base64,PHN2Zz4=">',
]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_nothing_that_acts_or_fetches_is_left(payload, make_complaint):
    document = showing.document(mail_of(make_complaint(), html=f"<p>前</p>{payload}<p>后</p>"))
    body = document.partition("<body>")[2]
    low = body.lower().replace(" ", "")
    for word in ("<script", "onerror=", "onload=", "javascript:", "vbscript:", "<iframe", "<form"):
        assert word not in low.replace("&lt;", "")
    for word in ("url(", "position:", "expression(", "srcset=", "background=", "<link", "<meta"):
        assert word not in low
    assert 'src="http' not in low
    assert "src=//" not in low
    assert "前" in body


SPELLINGS = [
    *("javascript:x", "JaVaScRiPt:x", "java\tscript:x", "java&#10;script:x", " javascript:x"),
    *("&#106;avascript:x", "\x01javascript:x", "data:text/html,x", "vbscript:x", "blob:x"),
    *("javascript&colon;x", "//evil.example", "file:///etc/passwd", "jav&#x0A;ascript:x"),
]


@pytest.mark.parametrize("address", SPELLINGS)
def test_no_spelling_leads_anywhere_but_out(address):
    assert "href" not in beside.cleaned(f'<a href="{address}">x</a>').html


def test_cleaning_what_is_clean_changes_nothing():
    html = "".join(one for one in PAYLOADS if "<img" not in one)
    once = beside.cleaned(html).html
    again = beside.cleaned(once).html
    assert len(once) == len(again)
    assert sorted(once) == sorted(again)  # attributes come in any order


def test_links_open_elsewhere_and_tell_nobody_where_from():
    made = beside.cleaned('<a href="https://shop.example/a?b=1&amp;c=2">x</a>').html
    assert 'href="https://shop.example/a?b=1&amp;c=2"' in made
    assert 'target="_blank"' in made
    assert "noopener" in made
    assert "noreferrer" in made


def test_what_takes_too_long_to_clean_is_shown_as_text(make_complaint, monkeypatch):
    monkeypatch.setattr(beside, "SECONDS", 12.0)
    mail = mail_of(make_complaint(), html="<div>" * 200_000, text="看得到的文字")
    document = showing.document(mail)
    assert "看得到的文字" in document
    assert "过于复杂" in document


def test_pictures_within_the_mail_stand_in_the_document(make_complaint, monkeypatch):
    data = picture()
    mail = mail_of(make_complaint(), html='<img src="cid:logo@x"><img src="cid:none@x">')
    Part.objects.create(
        mail=mail,
        place=0,
        name="logo.png",
        media_type="image/png",
        size=len(data),
        content_id="<logo@x>",
    )
    monkeypatch.setattr(fetching, "bytes_of", lambda part: data)
    document = showing.document(mail)
    assert document.count('src="data:image/png;base64,') == 1
    assert document.count('class="blocked"') == 1
    monkeypatch.setattr(fetching, "bytes_of", lambda part: b"<svg onload=alert(1)>")
    assert "data:" not in showing.document(mail)


class Pages(BaseHTTPRequestHandler):
    asked: list[str] = []

    def do_GET(self):
        self.asked.append(self.path)
        if self.path == "/away":
            self.send_response(302)
            self.send_header("Location", "http://10.0.0.1/inner.png")
            self.end_headers()
            return
        body = {
            "/good.png": picture(),
            "/good.jpg": picture("JPEG"),
            "/script.png": b"<script>alert(1)</script>",
            "/bomb.png": b"\x89PNG\r\n\x1a\n" + b"\x00" * 100,
            "/large.png": b"\x89PNG" + b"\x00" * (4 * 1024 * 1024),
        }.get(self.path, b"")
        self.send_response(200 if body else 404)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


@pytest.fixture
def outside(monkeypatch):
    """A server of pictures that may be asked, as if it were out there."""
    Pages.asked = []
    port = free_port()
    server = HTTPServer(("127.0.0.1", port), Pages)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setattr(fetching, "INNER", (f"127.0.0.1:{port}",))
    yield f"http://127.0.0.1:{port}"
    server.shutdown()
    server.server_close()


def test_remote_pictures_come_after_they_were_asked_for_and_by_us(
    make_complaint, li, signed_in, outside
):
    names = ("good.png", "good.jpg", "script.png", "bomb.png", "large.png", "away", "none")
    html = "".join(f'<img src="{outside}/{name}">' for name in names)
    mail = mail_of(make_complaint(assignee=li), html=html)
    page = signed_in(li)
    before = page.get(f"/mail/{mail.pk}/frame/").content.decode()
    assert Pages.asked == []
    assert "data:" not in before
    answer = page.post(f"/mail/{mail.pk}/images/")
    text = answer.content.decode()
    assert "取回 2 张" in text
    assert "5 张没有取到" in text
    assert "对方服务器没有给出图片" in text
    assert "不是能显示的图片" in text
    after = page.get(f"/mail/{mail.pk}/frame/").content.decode()
    assert after.count('src="data:image/') == 2
    assert outside not in after
    assert Touch.objects.get().by == li
    asked = len(Pages.asked)
    page.post(f"/mail/{mail.pk}/images/")
    page.get(f"/mail/{mail.pk}/frame/")
    assert len(Pages.asked) == asked  # fetched once
    answer = page.post(f"/mail/{mail.pk}/images/", {"again": "1"})
    assert "再取一次" in text
    assert "取回 2 张" in answer.content.decode()
    assert "/good.png" not in Pages.asked[asked:]  # only what is missing
    assert "/none" in Pages.asked[asked:]


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1/a.png",
        "https://localhost/a.png",
        "https://10.1.2.3/a.png",
        "https://169.254.169.254/latest/meta-data",
        "https://[::1]/a.png",
        "https://2130706433/a.png",
        "https://erp.internal/a.png",
        "ftp://example.com/a.png",
    ],
)
def test_no_picture_is_asked_for_inwards(address, settings):
    settings.WEBHOOK_INNER_HOSTS = ("erp.internal", "127.0.0.1")  # not for pictures
    (found,) = fetching.fetched([address])
    assert (found.address, found.data) == (address, b"")
    assert found.fault in ("forbidden", "unreached")


def test_a_second_try_brings_what_a_server_did_not_give_at_first(
    make_complaint, li, signed_in, outside, monkeypatch
):
    mail = mail_of(make_complaint(assignee=li), html=f'<img src="{outside}/late.png">')
    page, url = signed_in(li), f"/mail/{mail.pk}/images/"
    assert "1 张没有取到" in page.post(url).content.decode()
    monkeypatch.setattr(fetching, "_fetched", lambda address: (picture(), ""))
    text = page.post(url, {"again": "1"}).content.decode()
    assert "取回 1 张" in text
    assert "再取一次" not in text
    assert Picture.objects.get().fault == ""


def test_the_original_says_to_whom_when_and_offers_only_what_there_is(
    make_complaint, li, signed_in
):
    many = [[f"u{n}@example.org", ""] for n in range(23)]
    facts = {
        "to": [["service@example.com", "客服"], ["boss@example.net", "老板"]],
        "cc": many,
        "date": "2026-11-23T10:00:00+08:00",
    }
    plain = mail_of(make_complaint(assignee=li), html="<p>没有图片</p>", facts=facts)
    page = signed_in(li)
    text = page.get(f"/mail/{plain.pk}/original/").content.decode()
    assert "收件人" in text
    assert "boss@example.net" not in text  # masked
    assert "b***@example.net" in text
    assert "等另外 3 人" in text
    assert "11-23 10:00" in text
    assert "显示远程图片" not in text
    Mail.objects.filter(pk=plain.pk).update(facts={"date": "9999-12-31T23:59:59-12:00"})
    assert "对方写的时间" not in page.get(f"/mail/{plain.pk}/original/").content.decode()
    plain.refresh_from_db()
    assert plain.remote_images == 0
    other = mail_of(make_complaint(assignee=li), html='<img src="https://e.example/a.png">')
    assert "显示远程图片" in page.get(f"/mail/{other.pk}/original/").content.decode()


def test_a_mail_of_which_nothing_was_folded_offers_no_quotes(arrived, manager, signed_in):
    from tests.mail import letters

    whole = arrived(letters.mail("锅坏了。", Subject="锅"))
    assert whole.folds is False
    url = f"/complaints/{whole.complaint.number}/story/"
    assert "显示引用" not in signed_in(manager).get(url).content.decode()
    quoted = "锅坏了。\n\n> 我们的旧回复\n> 第二行\n"
    folded = arrived(
        letters.mail(quoted, Subject="锅二", Message_ID="<two@x>", From="b@example.net")
    )
    assert folded.folds is True
    url = f"/complaints/{folded.complaint.number}/story/"
    assert "显示引用" in signed_in(manager).get(url).content.decode()


def test_the_frame_may_do_nothing_and_is_shown_to_whom_the_complaint_is(
    make_complaint, li, sun, chen, signed_in
):
    mail = mail_of(make_complaint(assignee=li), html="<p>您好</p>")
    answer = signed_in(li).get(f"/mail/{mail.pk}/frame/")
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "img-src data:" in policy
    assert "allow-scripts" not in policy
    assert "allow-same-origin" not in policy
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    page = signed_in(li).get(f"/mail/{mail.pk}/original/").content.decode()
    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox"' in page
    assert "wf@example.com" not in page  # masked
    for part in ("original", "frame", "quoted"):
        assert signed_in(sun).get(f"/mail/{mail.pk}/{part}/").status_code == 404
    for part in ("images", "eml"):
        assert signed_in(sun).post(f"/mail/{mail.pk}/{part}/").status_code == 404
    held = mail_of(html="<p>held</p>")
    assert signed_in(li).get(f"/mail/{held.pk}/frame/").status_code == 404
    assert signed_in(chen).get(f"/mail/{held.pk}/frame/").status_code == 200


def test_the_original_leaves_the_house_with_a_reason(make_complaint, li, signed_in, api):
    mail = mail_of(make_complaint(assignee=li), raw=b"From: a@b.c\r\n\r\n<script>1</script>")
    page = signed_in(li)
    assert page.post(f"/mail/{mail.pk}/eml/", {"reason": ""}).status_code == 422
    assert not Export.objects.exists()
    answer = page.post(f"/mail/{mail.pk}/eml/", {"reason": "送检测机构鉴定"})
    assert answer.content == bytes(mail.raw)
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Type"] == "application/octet-stream"
    assert Export.objects.get().kind == "eml"
    url = f"/api/v1/mails/{mail.pk}/original"
    body = {"reason": "送检测机构鉴定"}
    answer = api(li).post(url, body, content_type="application/json")
    assert answer.content == bytes(mail.raw)
    assert Touch.objects.filter(what="original").count() == 2


def test_the_story_shows_his_words_and_keeps_the_quote_folded(make_complaint, li, signed_in):
    complaint = make_complaint(assignee=li)
    message = customer_wrote(complaint, by=li, text="还是不加热", channel="email")
    mail = mail_of(
        complaint, text="还是不加热\n\n> 我们的旧回复\n-- \n王芳", html="<p>x</p>", message=message
    )
    page = signed_in(li)
    story = page.get(f"/complaints/{complaint.number}/story/").content.decode()
    assert "还是不加热" in story
    assert "旧回复" not in story
    assert "显示引用" in story
    assert f"/mail/{mail.pk}/original/" in story
    quoted = page.get(f"/mail/{mail.pk}/quoted/").content.decode()
    assert "旧回复" in quoted
    assert "还是不加热" not in quoted


def test_a_stored_picture_is_of_one_mail_only(make_complaint):
    first = mail_of(make_complaint(), html='<img src="https://e.example/a.png">')
    second = mail_of(make_complaint(), html='<img src="https://e.example/a.png">')
    address = "https://e.example/a.png"
    Picture.objects.create(mail=first, address=address, data=picture(), at=moment.now())
    assert "data:" in showing.document(first)
    assert "data:" not in showing.document(second)
