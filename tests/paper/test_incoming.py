"""Scans: kept, drawn, arranged, registered, attached, dismissed."""

from __future__ import annotations

import datetime
import hashlib
import uuid
from pathlib import Path

import pytest
from django.conf import settings
from django.db import DatabaseError, transaction
from django.utils import timezone

from huiyin.ground import moment
from huiyin.ground.refusal import Invalid, NotPermitted, Refused
from huiyin.journey.channels.paper import actions
from huiyin.journey.channels.paper.actions import arranging, drawing
from huiyin.journey.channels.paper.actions import reading as reading_actions
from huiyin.journey.channels.paper.actions.deciding import Said
from huiyin.journey.channels.paper.models import Page, Piece, Scan
from huiyin.journey.complaint.models import Complaint, Event
from tests.conftest import person
from tests.paper import scans
from tests.together import at_once

pytestmark = pytest.mark.django_db
SAID = Said(
    text=scans.LETTER,
    name="陈桂芳",
    phone="13812345678",
    address="浙江省杭州市西湖区文三路 98 号",
    order_no="YD20261012008817",
    amount_fen=45900,
    wanted="退货退款",
)


# --- kept and drawn -------------------------------------------------------------------------------


def test_a_scan_is_kept_as_it_came_before_anything_else(li):
    data = scans.pdf(2)
    kept = actions.keep([scans.upload("a/b/来信.pdf", data)], by=li, together=True)
    scan = Scan.objects.get()
    assert (Path(settings.EVIDENCE_DIR) / scan.path).read_bytes() == data
    assert scan.sha256 == hashlib.sha256(data).hexdigest()
    assert (scan.name, scan.state, scan.piece) == ("来信.pdf", "kept", kept.pieces[0])
    with pytest.raises(DatabaseError), transaction.atomic():
        Scan.objects.filter(pk=scan.pk).update(sha256="0" * 64)
    with pytest.raises(DatabaseError), transaction.atomic():
        scan.delete()


def test_its_pages_are_drawn_once(scanned):
    piece = scanned(
        scans.upload("a.pdf", scans.pdf(12)), scans.upload("b.png", scans.picture("PNG"))
    )
    assert piece.pages.count() == 13
    assert piece.scans.exclude(state="ready").count() == 0
    assert [page.scan.name for page in piece.pages.all()][-1] == "b.png"
    first = piece.pages.first()
    assert max(first.width, first.height) <= 1640
    assert (Path(settings.EVIDENCE_DIR) / first.picture).read_bytes()[:2] == b"\xff\xd8"
    assert actions.draw_due() == 0


def test_a_child_that_died_between_pages_goes_on(li, monkeypatch):
    kept = actions.keep([scans.upload("a.pdf", scans.pdf(25))], by=li, together=True)
    whole, calls = drawing.drawn, []

    def dies(path, media, begin, end):
        calls.append(begin)
        if begin >= 10 and len(calls) == 2:
            raise RuntimeError("killed")
        return whole(path, media, begin, end)

    monkeypatch.setattr(drawing, "drawn", dies)
    actions.draw_due()
    assert kept.pieces[0].pages.count() == 10
    Scan.objects.update(next_try_at=moment.now())
    actions.draw_due()
    assert kept.pieces[0].pages.count() == 25
    assert calls == [0, 10, 10, 20]


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "TIFF"])
def test_pictures_of_each_kind(scanned, kind):
    piece = scanned(scans.upload("x", scans.picture(kind)))
    assert piece.pages.count() == 1


def test_a_tiff_has_as_many_pages_as_it_has(scanned):
    assert scanned(scans.upload("x.tif", scans.tiff(3))).pages.count() == 3


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("bomb.png", scans.png_bomb(), "尺寸过大"),
        ("wide.png", scans.png_bomb(30_000)[:3000], "尺寸过大"),
        ("cut.jpg", scans.picture()[:2000], "损坏"),
        ("cut.pdf", scans.pdf(1)[:200], "损坏"),
        ("locked.pdf", scans.pdf(1, password="secret"), "密码"),
        ("many.pdf", scans.pdf(201), "超过 200 页"),
        ("junk.pdf", b"%PDF-1.7\n" + b"\x00\xff" * 5000, "损坏"),
        ("junk.tif", b"II*\x00\x08\x00\x00\x00" + b"\xff" * 400, "损坏"),
    ],
)
def test_what_cannot_be_opened_says_why_and_stays_kept(scanned, name, data, said):
    piece = scanned(scans.upload(name, data))
    scan = piece.scans.get()
    assert (scan.state, piece.pages.count()) == ("failed", 0)
    assert said in scan.error
    assert (Path(settings.EVIDENCE_DIR) / scan.path).stat().st_size == len(data)


def test_nothing_in_a_pdf_is_run(scanned):
    piece = scanned(scans.upload("active.pdf", scans.active_pdf()))
    assert piece.pages.count() == 1


def test_a_page_as_large_as_a_field_is_drawn_small(scanned):
    piece = scanned(scans.upload("wide.pdf", scans.wide_pdf()))
    assert all(page.width <= 1640 for page in piece.pages.all())


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.heic", b"\x00\x00\x00\x18ftypheic" + b"\x00" * 40, "HEIC"),
        ("a.pdf", b"<html><script>alert(1)</script>", "不是 PDF"),
        ("a.pdf", b"", "空文件"),
        ("a.exe", b"MZ" + b"\x00" * 100, "不是 PDF"),
    ],
)
def test_what_is_no_scan_is_refused_and_nothing_is_kept(li, name, data, said):
    good = scans.upload("good.pdf", scans.pdf(1))
    with pytest.raises(Invalid, match=said):
        actions.keep([good, scans.upload(name, data)], by=li, together=False)
    assert not Scan.objects.exists()
    assert not Piece.objects.exists()


def test_one_letter_or_one_each(li):
    for together, letters in ((False, 3), (True, 1)):
        files = [scans.upload(f"{at}.png", scans.picture("PNG", mark=at)) for at in range(3)]
        assert len(actions.keep(files, by=li, together=together).pieces) == letters


def test_too_many_files_and_days_that_cannot_be(li):
    many = [scans.upload("a.pdf", b"%PDF-1.4") for _at in range(21)]
    with pytest.raises(Invalid, match="20"):
        actions.keep(many, by=li, together=True)
    today = timezone.localdate(moment.now())
    for day in (today + datetime.timedelta(days=1), today - datetime.timedelta(days=91)):
        with pytest.raises(Invalid):
            actions.keep(many[:1], by=li, together=True, received_on=day)


def test_an_upload_that_is_sent_again_is_the_same_upload(li, zhou, signed_in, api):
    key = uuid.uuid4()
    for _time in range(2):
        page = signed_in(li).get("/paper/").content.decode()
        assert 'name="key"' in page
        sent = {"files": scans.upload("信.pdf", scans.pdf(1)), "key": str(key)}
        assert signed_in(li).post("/paper/upload/", sent).status_code == 302
    assert (Piece.objects.count(), Scan.objects.count()) == (1, 1)
    mine = uuid.uuid4()

    def send():
        files = [scans.upload(name, scans.pdf(1)) for name in ("a.pdf", "b.pdf")]
        sent = {"together": False, "key": str(mine), "files": files}
        return [one["id"] for one in api(li).post("/api/v1/paper", sent).json()]

    first = send()
    assert len(first) == 2 and send() == first
    with pytest.raises(Invalid):  # another's key opens nothing of his
        actions.keep([scans.upload("c.pdf", scans.pdf(1))], by=zhou, together=True, key=key)
    assert Piece.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_of_two_uploads_at_once_under_one_key_one_is_kept(li):
    key = uuid.uuid4()

    def sends() -> list[int]:
        kept = actions.keep([scans.upload("信.pdf", scans.pdf(1))], by=li, together=True, key=key)
        return [piece.pk for piece in kept.pieces]

    first, second = at_once(sends, sends)
    assert first == second == list(Piece.objects.values_list("pk", flat=True))
    assert (Piece.objects.count(), Scan.objects.count()) == (1, 1)


def test_the_same_file_again_is_told(li, signed_in):
    data = scans.pdf(1)
    actions.keep([scans.upload("a.pdf", data)], by=li, together=True)
    again = actions.keep([scans.upload("b.pdf", data)], by=li, together=True)
    assert [twin.name for twin in again.twins] == ["a.pdf"]
    page = signed_in(li).get(f"/paper/{again.pieces[0].pk}/").content.decode()
    assert "以前已经上传过" in page


# --- arranged -------------------------------------------------------------------------------------


def test_pages_are_turned_moved_and_taken_out_by_reason(scanned, li):
    piece = scanned(scans.upload("a.pdf", scans.pdf(3)))
    first, second, third = piece.pages.all()
    assert actions.turn(first, by=li, by_degrees=270) == 270
    assert actions.turn(first, by=li, by_degrees=180) == 90
    with pytest.raises(Invalid):
        actions.turn(first, by=li, by_degrees=45)
    actions.reorder(piece, by=li, order=[third.uuid, first.uuid, second.uuid])
    arranging.move(third, by=li, steps=1)
    assert list(piece.pages.all()) == [first, third, second]
    with pytest.raises(Refused):
        actions.reorder(piece, by=li, order=[third.uuid, first.uuid])
    with pytest.raises(Invalid):
        actions.drop(second, by=li, reason="")
    actions.drop(second, by=li, reason="空白背面")
    assert piece.pages.kept().count() == 2
    assert Page.objects.get(pk=second.pk).dropped_why == "空白背面"
    actions.restore(second, by=li)
    assert piece.pages.kept().count() == 3


def test_letters_are_split_and_joined(scanned, li):
    piece = scanned(scans.upload("a.pdf", scans.pdf(3)))
    pages = list(piece.pages.all())
    other = actions.split(piece, by=li, chosen=[pages[2].uuid])
    assert (piece.pages.count(), other.pages.count()) == (2, 1)
    with pytest.raises(Invalid):
        actions.split(piece, by=li, chosen=[page.uuid for page in pages[:2]])
    actions.join(piece, other, by=li)
    other.refresh_from_db()
    assert piece.pages.count() == 3
    assert other.state == "dismissed"
    with pytest.raises(Refused):
        actions.join(piece, other, by=li)


# --- decided --------------------------------------------------------------------------------------


def test_it_is_registered_with_its_number_and_its_pages_as_evidence(scanned, li):
    piece = scanned(scans.upload("来信.pdf", scans.pdf(2)))
    complaint = actions.register(piece, by=li, given=SAID)
    year = timezone.localdate(moment.now()).year
    assert piece.number == f"信{year}-000001"
    assert (piece.state, piece.complaint, complaint.channel) == ("registered", complaint, "letter")
    assert complaint.intake.via == "paper"
    assert complaint.customer.contact("postal") == "浙江省杭州市西湖区文三路 98 号"
    assert complaint.intake.amount_fen == 45900
    event = Event.objects.get(complaint=complaint, what="paper_registered")
    assert (event.by, event.facts["number"]) == (li, piece.number)
    names = {one.name for one in complaint.evidence.all()}
    assert names == {f"{piece.number}.pdf", "来信.pdf"}
    assert all(one.privacy == "personal" for one in complaint.evidence.all())
    assert (complaint.messages.get().text, piece.message) == (
        complaint.text,
        complaint.messages.get(),
    )


def test_what_was_proposed_and_what_became_of_it_is_kept(scanned, li):
    piece = scanned()
    reading_actions.typed(piece, by=li, text=scans.LETTER)
    actions.register(
        piece, by=li, given=Said(text=scans.LETTER, name="陈桂芳", phone="13900000000")
    )
    verdicts = {kind: one["verdict"] for kind, one in piece.decisions.items()}
    assert (verdicts["name"], verdicts["phone"], verdicts["order_no"]) == (
        "accepted",
        "edited",
        "rejected",
    )


def test_pages_of_another_letter_do_not_come_along(scanned, li):
    piece = scanned(scans.upload("两封.pdf", scans.pdf(2)))
    other = actions.split(piece, by=li, chosen=[piece.pages.last().uuid])
    complaint = actions.register(piece, by=li, given=SAID)
    assert [one.name for one in complaint.evidence.all()] == [f"{piece.number}.pdf"]
    assert other.is_open


def test_a_letter_of_last_week_arrived_last_week(scanned, li):
    piece = scanned()
    day = timezone.localdate(moment.now()) - datetime.timedelta(days=7)
    said = Said(text="旧信", received_on=day, postmarked_on=day - datetime.timedelta(days=2))
    complaint = actions.register(piece, by=li, given=said)
    assert timezone.localtime(complaint.received_at).date() == day
    assert piece.number.startswith(f"信{day.year}-")


def test_a_postmark_later_than_the_arrival_is_refused(scanned, li):
    piece = scanned()
    tomorrow = timezone.localdate(moment.now()) + datetime.timedelta(days=1)
    with pytest.raises(Invalid, match="邮戳"):
        actions.register(piece, by=li, given=Said(text="x", postmarked_on=tomorrow))
    piece.refresh_from_db()
    assert piece.is_open
    assert piece.number == ""


def test_a_refused_registration_takes_no_number(scanned, li):
    first, second = scanned(), scanned(scans.upload("b.png", scans.picture("PNG")))
    with pytest.raises(Invalid):
        actions.register(first, by=li, given=Said(text="有问题", phone="12"))
    actions.register(second, by=li, given=SAID)
    assert second.number.endswith("-000001")


def test_it_is_put_to_a_complaint_that_a_person_names(scanned, li, make_complaint):
    complaint = make_complaint(team=li.teams.first())
    piece = scanned()
    actions.attach(piece, complaint, by=li, given=SAID)
    assert (piece.state, piece.complaint) == ("attached", complaint)
    assert complaint.messages.filter(channel="letter", kind="inbound").count() == 1
    assert complaint.evidence.filter(name=f"{piece.number}.pdf").exists()


def test_a_number_in_a_letter_opens_nothing(scanned, li, sun, make_complaint, logistics, signed_in):
    hidden = make_complaint(team=logistics, restricted=True)
    piece = scanned()
    reading_actions.typed(piece, by=li, text=f"关于 {hidden.number}，请告诉我进展")
    text = signed_in(li).get(f"/paper/{piece.pk}/").content.decode()
    assert hidden.number in text  # it stands in the letter
    assert f"/complaints/{hidden.number}/" not in text
    with pytest.raises(Refused):
        actions.attach(piece, hidden, by=li, given=SAID)
    answer = signed_in(li).post(
        f"/paper/{piece.pk}/attach/", {"number": hidden.number, "text": "x"}
    )
    assert answer.status_code == 422
    piece.refresh_from_db()
    assert piece.is_open


def test_it_is_dismissed_by_reason_only(scanned, li):
    piece = scanned()
    with pytest.raises(Invalid):
        actions.dismiss(piece, by=li, reason=" ")
    actions.dismiss(piece, by=li, reason="广告")
    with pytest.raises(Refused):
        actions.register(piece, by=li, given=SAID)


def test_who_does_not_register_gets_in_nowhere(scanned, signed_in, api):
    piece = scanned()
    legal = person("legal1", "法务", "legal")
    page = signed_in(legal)
    assert page.get("/paper/").status_code == 403
    assert page.get(f"/paper/{piece.pk}/").status_code == 403
    assert page.get(f"/paper/pages/{piece.pages.first().uuid}/large.jpg").status_code == 403
    with pytest.raises(NotPermitted):
        actions.register(piece, by=legal, given=SAID)
    assert api(legal).get("/api/v1/paper").status_code == 403


def test_what_became_a_hidden_complaint_is_hidden(scanned, li, sun, signed_in):
    piece = scanned()
    complaint = actions.register(piece, by=li, given=SAID)
    Complaint.objects.filter(pk=complaint.pk).update(restricted=True)
    page, uuid = signed_in(sun), piece.pages.first().uuid
    assert not Complaint.objects.visible_to(sun).filter(pk=complaint.pk).exists()
    assert page.get(f"/paper/{piece.pk}/").status_code == 404
    assert page.get(f"/paper/pages/{uuid}/large.jpg").status_code == 404
    assert page.get(f"/paper/scans/{piece.scans.get().uuid}/original/").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_registers(scanned, li, zhou):
    piece = scanned()
    results = at_once(
        lambda: actions.register(Piece.objects.get(pk=piece.pk), by=li, given=SAID),
        lambda: actions.register(Piece.objects.get(pk=piece.pk), by=zhou, given=SAID),
    )
    assert sum(isinstance(one, Refused) for one in results) == 1
    assert Complaint.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_numbers_of_many_at_once_have_no_gap(scanned, li):
    letters = [scanned(scans.upload("a.png", scans.picture("PNG", mark=at))) for at in range(4)]
    at_once(*[lambda one=one: actions.register(one, by=li, given=SAID) for one in letters])
    numbers = sorted(Piece.objects.values_list("number", flat=True))
    assert [int(number[-6:]) for number in numbers] == [1, 2, 3, 4]


# --- pages and API --------------------------------------------------------------------------------


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


def test_without_the_extra_pages_say_so_calmly(settings, li, signed_in, scanned):
    settings.PAPER_READER = ""
    piece = scanned()
    assert set(piece.pages.values_list("reading", flat=True)) == {"none"}
    assert "没有安装文字识别" in signed_in(li).get("/paper/").content.decode()
    with pytest.raises(Refused, match="没有安装"):
        reading_actions.read_again(piece, by=li)


def stand_in(path, media, place):
    """Reads what the tests want to have read."""
    rows = scans.LETTER.splitlines()
    lines = [
        {"text": row, "box": [0.1, 0.05 * at, 0.8, 0.03], "sure": 0.99}
        for at, row in enumerate(rows)
        if row
    ]
    return {"turn": 90, "lines": lines}


def test_what_was_read_is_proposed_at_its_place(settings, li, signed_in, scanned):
    settings.PAPER_READER = "tests.paper.test_incoming.stand_in"
    piece = scanned(scans.upload("a.png", scans.picture("PNG")))
    text = signed_in(li).get(f"/paper/{piece.pk}/").content.decode()
    assert "正在识别文字" in text
    assert reading_actions.read_due() == 1
    assert piece.pages.get().reading == "read"
    assert piece.pages.get().turn == 90  # it lay on its side; nobody had turned it
    text = signed_in(li).get(f"/paper/{piece.pk}/").content.decode()
    assert 'data-mark="phone"' in text
    complaint = actions.register(piece, by=li, given=SAID)
    assert complaint.evidence.filter(media_type__startswith="text/plain").count() == 1


def test_reading_is_cancelled_and_what_comes_late_is_not_written(
    settings, li, scanned, monkeypatch
):
    settings.PAPER_READER = "tests.paper.test_incoming.stand_in"
    piece = scanned()
    page = piece.pages.first()

    def cancelled_meanwhile(path, media, place):
        reading_actions.cancel(piece, by=li)
        return stand_in(path, media, place)

    monkeypatch.setattr("tests.paper.test_incoming.stand_in", cancelled_meanwhile)
    monkeypatch.setattr(
        "huiyin.journey.channels.paper.recognition.reader", lambda: cancelled_meanwhile
    )
    reading_actions.read_due()
    page.refresh_from_db()
    assert (page.reading, page.lines) == ("none", [])
