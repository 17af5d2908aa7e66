"""Letters on pages and for programs."""

from __future__ import annotations

import pytest

from huiyin.journey.channels.paper import actions
from huiyin.journey.channels.paper.models import Piece
from tests.paper import scans

pytestmark = pytest.mark.django_db


def test_the_list_is_filtered_searched_and_goes_on(li, signed_in):
    for at in range(32):
        piece = actions.begin(by=li)
        Piece.objects.filter(pk=piece.pk).update(text=f"第{at}封 电饭煲")
    page = signed_in(li)
    first = page.get("/paper/").content.decode()
    assert first.count("paperrow card") == 30
    before = first.partition("before=")[2].partition('"')[0]
    rest = page.get(f"/paper/?before={before}", headers={"HX-Request": "true"}).content.decode()
    assert rest.count("paperrow card") == 2
    assert page.get("/paper/?q=第31封").content.decode().count("paperrow card") == 1
    assert "没有符合条件" in page.get("/paper/?q=洗衣机").content.decode()
    assert page.get("/paper/?state=nonsense&before=-1&q=%27").status_code == 200
    assert "这里还没有来信" in page.get("/paper/?state=attached").content.decode()


def test_the_list_asks_as_much_for_many_as_for_few(
    li, signed_in, scanned, django_assert_max_num_queries
):
    scanned()
    page = signed_in(li)
    page.get("/paper/")
    for at in range(5):
        scanned(scans.upload("a.png", scans.picture("PNG", mark=at)))
    with django_assert_max_num_queries(32):
        page.get("/paper/")


def test_from_upload_to_complaint_on_pages(li, signed_in):
    page = signed_in(li)
    answer = page.post("/paper/upload/", {"files": [scans.upload("a.pdf", scans.pdf(2))]})
    assert answer.status_code == 302
    piece = Piece.objects.get()
    assert "正在生成预览" in page.get(f"/paper/{piece.pk}/").content.decode()
    assert page.post(f"/paper/{piece.pk}/register/", {"text": "x"}).status_code == 409
    actions.draw_due()
    assert page.get(f"/paper/{piece.pk}/pages/").headers["HX-Trigger"] == "paper-read"
    assert page.post(f"/paper/{piece.pk}/text/", {"text": scans.LETTER}).status_code == 302
    text = page.get(f"/paper/{piece.pk}/").content.decode()
    assert 'value="陈桂芳"' in text
    uuid = piece.pages.all()[0].uuid
    for size in ("small", "large"):
        picture = page.get(f"/paper/pages/{uuid}/{size}.jpg")
        assert (picture.status_code, picture["Content-Type"]) == (200, "image/jpeg")
        assert "sandbox" in picture["Content-Security-Policy"]
    for act in ("left", "right", "down", "up"):
        assert page.post(f"/paper/pages/{uuid}/{act}/").status_code == 302
    assert page.post(f"/paper/pages/{uuid}/drop/", {"reason": ""}).status_code == 422
    original = page.get(f"/paper/scans/{piece.scans.get().uuid}/original/")
    assert original["Content-Disposition"].startswith("attachment")
    bad = page.post(f"/paper/{piece.pk}/register/", {"text": scans.LETTER, "phone": "12"})
    assert bad.status_code == 422
    assert "电话号码看起来不对" in bad.content.decode()
    body = {"text": scans.LETTER, "name": "陈桂芳", "amount": "459", "phone": "13812345678"}
    assert page.post(f"/paper/{piece.pk}/register/", body).status_code == 302
    piece.refresh_from_db()
    assert piece.complaint is not None
    assert piece.number in page.get("/paper/?state=registered").content.decode()


def test_the_same_over_the_api(li, api):
    client = api(li)
    made = client.post("/api/v1/paper", {"files": [scans.upload("a.pdf", scans.pdf(2))]})
    assert made.status_code == 201, made.content
    actions.draw_due()
    number = made.json()[0]["id"]
    js = {"content_type": "application/json"}
    whole = client.put(f"/api/v1/paper/{number}/text", {"text": scans.LETTER}, **js).json()
    assert {one["kind"] for one in whole["found"]} >= {"name", "phone", "order_no"}
    page = whole["pages"][0]["id"]
    assert client.get(f"/api/v1/paper/pages/{page}/picture")["Content-Type"] == "image/jpeg"
    turned = client.post(f"/api/v1/paper/pages/{page}/turn", {"by_degrees": 90}, **js).json()
    assert turned["turn"] == 90
    assert (
        client.post(f"/api/v1/paper/pages/{page}/drop", {"reason": "空白"}, **js).status_code == 200
    )
    assert client.post(f"/api/v1/paper/pages/{page}/restore", **js).status_code == 200
    done = client.post(f"/api/v1/paper/{number}/register", {"text": "坏了", "name": "王芳"}, **js)
    assert done.status_code == 200, done.content
    assert (
        client.post(f"/api/v1/paper/{number}/dismiss", {"reason": "广告"}, **js).status_code == 409
    )
    listed = client.get("/api/v1/paper?state=registered").json()["items"]
    assert listed[0]["complaint"] == done.json()["number"]
