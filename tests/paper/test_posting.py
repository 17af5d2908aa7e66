"""Answers by letter: laid out, printed, posted, come back."""

from __future__ import annotations

import datetime

import pypdfium2
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from huiyin.ground import moment
from huiyin.ground.customers.actions import keep_address
from huiyin.ground.refusal import Invalid, Refused
from huiyin.journey.channels.paper import actions
from huiyin.journey.channels.paper.actions import deciding as incoming
from huiyin.journey.channels.paper.actions import posting
from huiyin.journey.channels.paper.actions.deciding import Said
from huiyin.journey.channels.paper.models import Post, Template, Window
from huiyin.journey.complaint.models import Event
from huiyin.journey.conversation import actions as conversation
from huiyin.journey.conversation.models import Letter
from huiyin.journey.conversation.ways import by_machine, reaching, way_of
from tests.together import at_once

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("font")]
ADDRESS = "浙江省杭州市西湖区文三路 98 号\n3 幢 502 室"
BODY = "您好，您的来信收到了。\n\n我们已安排退货退款，三个工作日内到账。"


@pytest.fixture
def theirs(make_complaint, li):
    """A complaint of somebody whose address is known."""
    complaint = make_complaint(team=li.teams.first(), channel="letter")
    keep_address(complaint.customer, ADDRESS)
    return complaint


@pytest.fixture
def post(theirs, li):
    conversation.reply(theirs, by=li, text=BODY, channel="letter")
    conversation.send_due_letters()
    return Post.objects.get()


def to(complaint, address: str) -> posting.Addressee:
    return posting.Addressee(complaint.customer.name, address)


def text_of(data: bytes) -> str:
    pdf = pypdfium2.PdfDocument(data)
    return "\n".join(page.get_textpage().get_text_range() for page in pdf)


def test_without_an_address_words_are_only_kept(make_complaint, li):
    complaint = make_complaint(team=li.teams.first(), channel="letter")
    assert not way_of(complaint, "letter").is_carried
    conversation.reply(complaint, by=li, text=BODY)
    assert not Letter.objects.exists()


def test_what_the_product_says_by_itself_is_not_printed(theirs):
    way = reaching(theirs)
    assert way is None or way.value != "letter"
    assert by_machine(theirs) != "letter"


def test_the_way_shows_the_address_masked(theirs):
    way = way_of(theirs, "letter")
    assert way.is_carried
    assert "文三路" not in way.told
    assert "浙江省杭州市" in way.told


def test_a_reply_becomes_a_paper_that_waits_to_be_printed(post, theirs):
    letter = Letter.objects.get(channel="letter")
    assert (letter.state, post.state, post.leaves) == ("held", "to_print", 1)
    text = text_of(posting.bytes_of(post))
    for said in (
        theirs.number,
        "文三路 98 号",
        "3 幢 502 室",
        "三个工作日内到账",
        "李明",
        "第 1 页，共 1 页",
    ):
        assert said in text, said


def test_the_address_stands_in_the_window(post):
    window = post.template.window
    page = pypdfium2.PdfDocument(posting.bytes_of(post))[0]
    words = page.get_textpage()
    mm = 72 / 25.4
    inside = words.get_text_bounded(
        left=window.left * mm,
        right=(window.left + window.width) * mm,
        top=page.get_height() - window.top * mm,
        bottom=page.get_height() - (window.top + window.height) * mm,
    )
    assert "文三路 98 号" in inside
    assert "3 幢 502 室" in inside
    assert "退货退款" not in inside


@pytest.mark.parametrize("code", ["dl", "zl", "din-a", "din-b"])
def test_each_envelope_shows_all_of_a_long_address(theirs, code):
    window = Window.objects.get(code=code)
    template = Template.objects.get(code="reply-zh")
    template.window = window
    address = "\n".join(f"第{at}行很长很长很长很长很长很长很长很长的地址" for at in range(6))
    drawn = posting.put_together(theirs, BODY, template=template, to=to(theirs, address))
    page, mm = pypdfium2.PdfDocument(drawn.data)[0], 72 / 25.4
    inside = page.get_textpage().get_text_bounded(
        left=window.left * mm,
        right=(window.left + window.width) * mm,
        top=page.get_height() - window.top * mm,
        bottom=page.get_height() - (window.top + window.height) * mm,
    )
    assert all(f"第{at}行" in inside for at in range(6))


def test_made_again_it_is_the_same_one(post):
    letter = post.letter
    conversation.retry_letter(letter)
    conversation.send_due_letters()
    assert Post.objects.get() == post
    letter.refresh_from_db()
    assert letter.state == "held"


def test_a_long_letter_numbers_its_pages(theirs):
    template = Template.objects.get(code="reply-zh")
    drawn = posting.put_together(
        theirs, "很长的一段。" * 1500, template=template, to=to(theirs, ADDRESS)
    )
    assert drawn.leaves >= 4
    assert f"第 {drawn.leaves} 页，共 {drawn.leaves} 页" in text_of(drawn.data)


def test_hostile_words_stay_words(theirs):
    theirs.customer.name = "{number}<b>"
    template = Template.objects.get(code="reply-zh")
    said = "<script>alert(1)</script> {name} <font color=red> &amp; ]]> \x00 😀"
    text = text_of(
        posting.put_together(theirs, said, template=template, to=to(theirs, "<b>路 1 号")).data
    )
    assert "<script>alert(1)</script> {name}" in text
    assert "{number}<b>" in text


def test_english_customers_get_an_english_letter(theirs, li):
    theirs.customer.language = "en"
    theirs.customer.save()
    chosen = posting.template_for(theirs)
    assert chosen is not None
    assert chosen.code == "reply-en"
    text = text_of(actions.preview(theirs, "We are sorry.", by=li))
    assert "Yours sincerely" in text
    assert not Post.objects.exists()


def test_printed_posted_and_back(post, li, zhou, theirs):
    assert actions.marked_printed([post], by=zhou) == 1
    with pytest.raises(Refused):
        actions.marked_printed([post], by=zhou)
    actions.marked_posted(post, by=li, tracking="XA12345678933")
    letter = Letter.objects.get(pk=post.letter_id)
    assert (post.state, post.printed_by, post.posted_by) == ("posted", zhou, li)
    assert (letter.state, letter.outer_id) == ("sent", f"paper-{post.pk}")
    event = Event.objects.get(complaint=theirs, what="paper_sent")
    assert event.facts["words"] == "XA12345678933"
    with pytest.raises(Refused):
        actions.marked_posted(post, by=li)
    with pytest.raises(Invalid):
        actions.come_back(post, by=li, reason="")
    actions.come_back(post, by=li, reason="查无此人")
    letter.refresh_from_db()
    assert (post.state, letter.reach, letter.error) == ("returned", "missed", "查无此人")


def test_days_of_posting_that_cannot_be(post, li):
    today = timezone.localdate(moment.now())
    for day in (today + datetime.timedelta(days=1), today - datetime.timedelta(days=5)):
        with pytest.raises(Invalid):
            actions.marked_posted(post, by=li, posted_on=day)


def test_what_was_enclosed_is_on_record_when_it_is_posted(post, li, zhou, theirs):
    paper = SimpleUploadedFile("发票.png", b"\x89PNG\r\n\x1a\n" + bytes(32))
    enclosed = conversation.add_evidence(theirs, by=li, upload=paper)
    post.letter.attached.add(enclosed)
    actions.marked_printed([post], by=zhou)
    assert not enclosed.custody.exists()
    actions.marked_posted(post, by=zhou, tracking="XA12345678933")
    copy = enclosed.custody.get()
    assert (copy.act, copy.by) == ("copied", li)  # whose letter it is
    assert copy.words == "客户 · 王* · 信件"


def test_what_was_cancelled_is_not_posted(post, li, signed_in):
    conversation.cancel_letter(post.letter)
    with pytest.raises(Refused, match="取消"):
        actions.marked_posted(post, by=li)
    assert signed_in(li).get(f"/paper/out/{post.pk}/").status_code == 404


def test_another_template_until_it_is_printed(post, li):
    other = Template.objects.get(code="reply-en")
    actions.redraw(post, by=li, template=other, address="上海市徐汇区漕溪路 1 号")
    assert "漕溪路" in text_of(posting.bytes_of(post))
    actions.marked_printed([post], by=li)
    with pytest.raises(Refused, match="打印过"):
        actions.redraw(post, by=li, template=other, address=ADDRESS)


def test_the_story_tells_how_far_it_is(post, li, signed_in, theirs):
    page = signed_in(li)
    address = f"/complaints/{theirs.number}/"
    assert "待打印" in page.get(address).content.decode()
    actions.marked_posted(post, by=li)
    assert "已寄出" in page.get(address).content.decode()


def test_on_pages(post, li, sun, signed_in, theirs):
    page = signed_in(li)
    listed = page.get("/paper/out/").content.decode()
    assert theirs.number in listed
    assert page.get(f"/paper/out/?q={theirs.number}").content.decode().count("postrow card") == 1
    assert "没有符合条件" in page.get("/paper/out/?q=none").content.decode()
    shown = page.get(f"/paper/out/{post.pk}/").content.decode()
    assert "三个工作日" in shown
    pdf = page.get(f"/paper/out/{post.pk}/pdf/")
    assert (pdf["Content-Type"], pdf.content[:5]) == ("application/pdf", b"%PDF-")
    whole = page.post("/paper/out/batch/", {"post": [post.pk]})
    assert len(pypdfium2.PdfDocument(whole.content)) == 1
    assert page.post("/paper/out/batch/", {}).status_code == 422
    assert page.post("/paper/out/printed/", {"post": [post.pk, "x"]}).status_code == 302
    assert page.post(f"/paper/out/{post.pk}/posted/", {"tracking": "1"}).status_code == 302
    assert page.post(f"/paper/out/{post.pk}/returned/", {"reason": "拒收"}).status_code == 302
    preview = page.post(f"/complaints/{theirs.number}/letter/preview/", {"text": BODY})
    assert preview.content[:5] == b"%PDF-"
    assert (
        page.post(f"/complaints/{theirs.number}/letter/preview/", {"text": ""}).status_code == 422
    )
    other = signed_in(sun)
    assert other.get(f"/paper/out/{post.pk}/").status_code == 404
    assert theirs.number not in other.get("/paper/out/?state=all").content.decode()


def test_over_the_api(post, li, sun, api):
    client, js = api(li), {"content_type": "application/json"}
    assert client.get("/api/v1/letters/paper").json()["items"][0]["id"] == post.pk
    done = client.post("/api/v1/letters/paper/printed", {"posts": [post.pk]}, **js)
    assert done.json()[0]["state"] == "printed"
    url = f"/api/v1/letters/paper/{post.pk}"
    assert client.post(f"{url}/posted", {"tracking": "A1"}, **js).json()["tracking"] == "A1"
    assert client.post(f"{url}/returned", {"reason": "拒收"}, **js).json()["state"] == "returned"
    assert client.get(f"{url}/pdf")["Content-Type"] == "application/pdf"
    assert api(sun).post(f"{url}/posted", {}, **js).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_posts_it(theirs, li, zhou):
    conversation.reply(theirs, by=li, text=BODY, channel="letter")
    conversation.send_due_letters()
    post = Post.objects.get()
    results = at_once(
        lambda: actions.marked_posted(Post.objects.get(pk=post.pk), by=li),
        lambda: actions.marked_posted(Post.objects.get(pk=post.pk), by=zhou),
    )
    assert sum(isinstance(one, Refused) for one in results) == 1
    assert Event.objects.filter(what="paper_sent").count() == 1


def test_a_number_in_a_letter_redirects_nothing_of_its_owner(theirs, make_complaint, li, scanned):
    """Whoever names somebody's telephone gets the answer to his own letter, and nothing else."""
    phone = theirs.customer.contact("phone")
    given = Said(
        text="我要投诉。", name="王小明", phone=phone, address="上海市浦东新区世纪大道 1 号"
    )
    mine = incoming.register(scanned(), by=li, given=given)
    assert mine.customer_id == theirs.customer_id
    assert posting.addressee_of(theirs) == posting.Addressee(theirs.customer.name, ADDRESS)
    assert posting.addressee_of(mine) == posting.Addressee("王小明", given.address)
    assert "世纪大道" in way_of(mine, "letter").recipient
    assert "文三路" in way_of(theirs, "letter").recipient
    printed = text_of(posting.preview(mine, "答复", by=li))
    assert "王小明" in printed
    assert theirs.customer.name not in printed


def test_a_letter_that_he_signed_himself_tells_where_he_lives_now(theirs, li, scanned):
    customer = theirs.customer
    here = "上海市浦东新区世纪大道 1 号"
    given = Said(
        text="我搬家了。", name=customer.name, phone=customer.contact("phone"), address=here
    )
    incoming.register(scanned(), by=li, given=given)
    theirs.customer.refresh_from_db()
    assert posting.addressee_of(theirs).address == here
