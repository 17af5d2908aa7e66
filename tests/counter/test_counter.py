"""The counter: begun, kept, read over, signed, registered."""

from __future__ import annotations

import hashlib
import io
import json
import math
import time
import uuid

import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from huiyin.ground.refusal import Invalid, NotPermitted, Refused
from huiyin.journey.channels.counter import actions
from huiyin.journey.channels.counter.models import Walkin
from huiyin.journey.channels.counter.rules import content, strokes
from huiyin.journey.complaint.models import Complaint, Event
from tests.conftest import person
from tests.paper.conftest import font  # noqa: F401 — a fixture
from tests.together import at_once

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("font")]
SAID = {
    "name": "赵建国",
    "phone": "13812345678",
    "order_no": "YD1",
    "amount": "459",
    "text": "电饭煲用了三天就不加热，门店不给换。",
    "wanted": "换一台新的",
}
WAVE = [[[x, 500 + round(300 * math.sin(x / 120))] for x in range(200, 2800, 20)]]
SIGNATURE = json.dumps(WAVE)


@pytest.fixture
def shown(li):
    """A visit that the customer has read."""
    walkin = actions.begin(by=li)
    actions.save(walkin, by=li, content=SAID)
    actions.show(walkin, by=li)
    return walkin


# --- signatures -----------------------------------------------------------------------------------


def test_a_signature_is_drawn_from_numbers():
    from huiyin.journey.channels.counter.actions.papers import signature_png

    image = Image.open(io.BytesIO(signature_png(strokes.read(SIGNATURE))))
    assert image.size == (900, 300)
    dark = sum(image.histogram()[:128])
    assert 500 < dark < 40_000


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("", "missing"),
        ("[]", "missing"),
        ("[[[5,5],[6,6]]]", "missing"),
        ("[[]]", "missing"),
        ("{}", "broken"),
        ("[[1,2]]", "broken"),
        ('[[["a","b"]]]', "broken"),
        ("[[[NaN,1],[5,5]]]", "broken"),
        ("[[[1]]]", "broken"),
        ("not json", "broken"),
        ("[" * 100_000, "broken"),
        (json.dumps([[[1, 1]]] * 201), "long"),
    ],
)
def test_what_is_no_signature(typed, why):
    with pytest.raises(strokes.Unsigned, match=why):
        strokes.read(typed)


def test_a_million_points_are_refused_at_once(shown, li):
    many = json.dumps([[[at % 3000, at % 1000] for at in range(1_000_000)]])
    began = time.process_time()
    with pytest.raises(Invalid, match="太多"):
        actions.sign(shown, by=li, digest=shown.digest, strokes=many)
    assert time.process_time() - began < 1
    with pytest.raises(strokes.Unsigned, match="long"):
        strokes.cleaned([[[1, 1]] * 20_001])


@given(st.recursive(st.none() | st.floats() | st.text() | st.integers(), st.lists))
def test_nothing_that_is_sent_breaks_it(found):
    try:
        for stroke in strokes.cleaned(found):
            assert all(0 <= x <= 3000 and 0 <= y <= 1000 for x, y in stroke)
    except strokes.Unsigned:
        pass


def test_the_hash_is_of_what_was_read():
    first = content.digest(SAID, "1")
    assert content.digest(SAID | {"other": "x"}, "1") == first
    assert content.digest(SAID | {"text": "别的"}, "1") != first
    assert content.digest(SAID, "2") != first


# --- a visit --------------------------------------------------------------------------------------


def test_signed_it_is_a_complaint_with_the_form_as_evidence(shown, li):
    complaint = actions.sign(shown, by=li, digest=shown.digest, strokes=SIGNATURE)
    assert complaint.intake.via == "counter"
    assert (complaint.channel, complaint.text, complaint.wanted) == (
        "walkin",
        SAID["text"],
        SAID["wanted"],
    )
    assert complaint.intake.amount_fen == 45900
    assert (shown.state, shown.complaint, shown.signed) == ("done", complaint, "drawn")
    assert Event.objects.filter(complaint=complaint, what="at_counter", by=li).count() == 1
    form, picture = complaint.evidence.order_by("pk")
    assert (form.media_type, picture.media_type) == ("application/pdf", "image/png")
    assert (form.kind, form.source) == ("contract", "customer")
    from pathlib import Path

    from django.conf import settings

    data = (Path(settings.EVIDENCE_DIR) / form.path).read_bytes()
    assert hashlib.sha256(data).hexdigest() == form.sha256
    text = pypdfium2.PdfDocument(data)[0].get_textpage().get_text_range()
    for said in (SAID["text"], SAID["wanted"], "赵建国", shown.digest, complaint.number):
        assert said in text.replace("\r\n", ""), said


def test_a_typed_name_needs_the_tick(shown, li):
    with pytest.raises(Invalid, match="勾选"):
        actions.sign(shown, by=li, digest=shown.digest, typed_name="赵建国")
    with pytest.raises(Invalid, match="签名"):
        actions.sign(shown, by=li, digest=shown.digest)
    actions.sign(shown, by=li, digest=shown.digest, typed_name="赵建国", agreed=True)
    assert (shown.signed, shown.signed_name, shown.strokes) == ("typed", "赵建国", [])


def test_what_was_changed_after_reading_is_not_signed(shown, li):
    read = shown.digest
    actions.save(shown, by=li, content=SAID | {"text": "另一件事"})
    assert shown.state == "draft"
    with pytest.raises(Refused, match="再给客户看"):
        actions.sign(shown, by=li, digest=read, strokes=SIGNATURE)
    actions.show(shown, by=li)
    with pytest.raises(Refused, match="再给客户看"):
        actions.sign(shown, by=li, digest=read, strokes=SIGNATURE)
    assert not Complaint.objects.exists()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"text": ""}, "text"),
        ({"phone": "12"}, "phone"),
        ({"email": "nobody"}, "email"),
        ({"amount": "很多"}, "amount"),
        ({"happened_on": "2026-13-45"}, "happened_on"),
        ({"name": "", "phone": ""}, "name"),
        ({"text": "长" * 20_001}, "text"),
        ({"address": "路"}, "address"),
    ],
)
def test_faults_are_found_before_the_customer_reads(li, change, field):
    walkin = actions.begin(by=li)
    actions.save(walkin, by=li, content=SAID | change)
    with pytest.raises(Invalid) as refused:
        actions.show(walkin, by=li)
    assert field in refused.value.fields


def test_a_visit_is_its_clerks_alone(shown, sun, signed_in):
    for act in (actions.back, actions.drop, actions.show):
        with pytest.raises(Refused, match="别人"):
            act(shown, by=sun)
    assert signed_in(sun).get(f"/counter/{shown.key}/").status_code == 404
    legal = person("legal1", "法务", "legal")
    with pytest.raises(NotPermitted):
        actions.begin(by=legal)
    assert signed_in(legal).get("/counter/").status_code == 403


def test_dropped_nothing_of_him_is_kept(shown, li):
    actions.drop(shown, by=li)
    assert (shown.state, shown.content) == ("dropped", {})
    with pytest.raises(Refused):
        actions.save(shown, by=li, content=SAID)


def test_so_many_can_be_begun(li):
    for _at in range(actions.MOST_BEGUN):
        actions.begin(by=li)
    with pytest.raises(Refused, match="太多"):
        actions.begin(by=li)


def test_the_code_is_for_its_clerk_and_for_a_day(shown, li, sun, clock):
    import datetime

    from huiyin.ground import moment

    actions.sign(shown, by=li, digest=shown.digest, strokes=SIGNATURE)
    assert actions.may_see_code(shown, li)
    assert not actions.may_see_code(shown, sun)
    shown.signed_at = moment.now() - datetime.timedelta(hours=25)
    assert not actions.may_see_code(shown, li)


@pytest.mark.django_db(transaction=True)
def test_signed_twice_at_once_it_is_one_complaint(li):
    walkin = actions.begin(by=li)
    actions.save(walkin, by=li, content=SAID)
    digest = actions.show(walkin, by=li)

    def sign():
        one = Walkin.objects.get(pk=walkin.pk)
        return actions.sign(one, by=li, digest=digest, strokes=SIGNATURE)

    results = at_once(sign, sign)
    assert results == [Complaint.objects.get()] * 2
    assert Event.objects.filter(what="at_counter").count() == 1


def test_sent_again_because_the_answer_was_lost_it_is_that_complaint(shown, li):
    first = actions.sign(shown, by=li, digest=shown.digest, strokes=SIGNATURE)
    again = actions.sign(shown, by=li, digest=shown.digest, strokes=SIGNATURE)
    assert again == first == Complaint.objects.get()
    with pytest.raises(Refused, match="已经完成"):
        actions.sign(shown, by=li, digest="0" * 64, strokes=SIGNATURE)
    assert first.evidence.count() == 2


def test_begun_again_under_its_key_it_is_that_visit(li, chen, signed_in, api):
    key = uuid.uuid4()
    visit = actions.begin(by=li, key=key)
    assert actions.begin(by=li, key=key) == visit
    assert str(key) in signed_in(li).post("/counter/begin/", {"key": key})["Location"]
    sent = {"data": {"key": str(key)}, "content_type": "application/json"}
    assert api(li).post("/api/v1/counter", **sent).json()["key"] == str(key)
    with pytest.raises(Invalid, match="编号已被使用"):
        actions.begin(by=chen, key=key)
    signed_in(li).post("/counter/begin/", {"key": "no key"})
    assert Walkin.objects.count() == 2
    assert 'name="key"' in signed_in(li).get("/counter/").content.decode()


@pytest.mark.django_db(transaction=True)
def test_begun_twice_at_once_it_is_one_visit(li):
    key = uuid.uuid4()
    first, second = at_once(*[lambda: actions.begin(by=li, key=key)] * 2)
    assert first == second == Walkin.objects.get()


# --- pages and API --------------------------------------------------------------------------------


def test_on_pages_from_beginning_to_receipt(li, signed_in):
    page = signed_in(li)
    begun = page.post("/counter/begin/")
    url = begun["Location"]
    assert "发生了什么" in page.get(url).content.decode()
    assert "已存草稿" in page.post(f"{url}save/", SAID).content.decode()
    assert SAID["text"] in page.get(url).content.decode()  # it survives
    bad = page.post(url, SAID | {"phone": "12"})
    assert bad.status_code == 422
    assert "电话号码看起来不对" in bad.content.decode()
    assert page.post(url, SAID)["Location"] == f"{url}read/"
    read = page.get(f"{url}read/").content.decode()
    assert SAID["wanted"] in read
    assert "side__item" not in read  # nothing of ours around it
    assert page.post(f"{url}back/")["Location"] == url
    page.post(url, SAID)
    late = page.post(f"{url}save/", SAID | {"text": "旧草稿"})  # it undoes nothing, and says so
    assert "没有保存" in late.content.decode()
    assert page.get(url)["Location"] == f"{url}read/"
    digest = Walkin.objects.get().digest
    empty = page.post(f"{url}sign/", {"digest": digest, "strokes": ""})
    assert empty.status_code == 422
    assert "请在框内签名" in empty.content.decode()
    stale = page.post(f"{url}sign/", {"digest": "0" * 64, "strokes": SIGNATURE})
    assert stale["Location"] == url
    page.post(url, SAID)
    for _try in range(2):  # the second time because the answer was lost
        done = page.post(f"{url}sign/", {"digest": digest, "strokes": SIGNATURE})
        assert done["Location"] == f"{url}receipt/"
    assert "已经完成" not in page.get(f"{url}receipt/").content.decode()
    complaint = Complaint.objects.get()
    receipt = page.get(f"{url}receipt/").content.decode()
    assert complaint.number in receipt
    assert receipt.count("<rect") > 200
    pdf = page.get(f"{url}receipt.pdf")
    assert pdf.content[:5] == b"%PDF-"
    assert page.get(url)["Location"] == f"{url}receipt/"
    assert complaint.number in page.get("/counter/").content.decode()
    assert "没有符合条件" in page.get("/counter/?q=nothing").content.decode()


def test_a_body_of_a_million_points_does_not_get_in(shown, li, signed_in):
    many = json.dumps([[[at % 3000, at % 1000] for at in range(400_000)]])
    answer = signed_in(li).post(
        f"/counter/{shown.key}/sign/", {"digest": shown.digest, "strokes": many}
    )
    assert answer.status_code in (400, 413, 422)
    assert not Complaint.objects.exists()


def test_over_the_api(li, api):
    client, js = api(li), {"content_type": "application/json"}
    key = client.post("/api/v1/counter", **js).json()["key"]
    url = f"/api/v1/counter/{key}"
    assert client.put(url, SAID, **js).json()["state"] == "draft"
    digest = client.post(f"{url}/show", **js).json()["digest"]
    done = client.post(f"{url}/sign", {"digest": digest, "strokes": SIGNATURE}, **js)
    assert done.status_code == 200, done.content
    again = client.post(f"{url}/sign", {"digest": digest, "strokes": SIGNATURE}, **js)
    assert again.json() == done.json()
    assert client.get(f"{url}/receipt")["Content-Type"] == "application/pdf"
    assert client.get("/api/v1/counter").json()["items"][0]["complaint"] == done.json()["number"]
    assert client.post(f"{url}/drop", **js).status_code == 409


def test_channels_tell_how_they_are(shown, chen, signed_in):
    text = signed_in(chen).get("/channels/").content.decode()
    for name in ("来信扫描", "信函", "柜台登记"):
        assert name in text
