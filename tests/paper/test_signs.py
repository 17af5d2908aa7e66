"""Signs that cannot be printed are told before a letter leaves; wrong clicks are taken back."""

from __future__ import annotations

from datetime import timedelta

import pypdfium2
import pytest

from huiyin.ground import moment
from huiyin.ground.customers.actions import keep_address
from huiyin.ground.printing import fallback
from huiyin.ground.refusal import Invalid, NotPermitted, Refused
from huiyin.journey.channels.paper import actions
from huiyin.journey.channels.paper.actions import posting
from huiyin.journey.channels.paper.models import Post, Template
from huiyin.journey.complaint.models import Event
from huiyin.journey.conversation import actions as conversation
from huiyin.journey.conversation.models import Letter
from tests.together import at_once

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("font", "bare")]
JS = {"content_type": "application/json"}


@pytest.fixture
def bare(settings):
    """A machine without any other font."""
    settings.FONT_FOLDERS = ()
    fallback.forget()
    yield
    fallback.forget()


def letter(make_complaint, li, text: str = "您好，𠮷先生，Ω 型号已换。") -> Post:
    complaint = make_complaint(team=li.teams.first(), channel="letter")
    keep_address(complaint.customer, "杭州市文三路 98 号")
    conversation.reply(complaint, by=li, text=text, channel="letter")
    conversation.send_due_letters()
    return Post.objects.latest("pk")


@pytest.fixture
def post(make_complaint, li):
    return letter(make_complaint, li)


@pytest.fixture
def plain(make_complaint, li):
    return letter(make_complaint, li, "您好，已经换了。")


def text_of(data: bytes) -> str:
    with pypdfium2.PdfDocument(data) as pdf:
        return "\n".join(page.get_textpage().get_text_range() for page in pdf)


def test_a_letter_knows_what_it_cannot_show(post, plain):
    assert post.unprintable == ["𠮷", "Ω"]
    assert plain.unprintable == []
    assert "[U+20BB7]" in text_of(posting.bytes_of(post))


def test_the_preview_says_so_on_its_first_page_and_the_letter_does_not(post, li):
    complaint = post.letter.complaint
    told = "2 个字打印不出来"
    assert told in text_of(actions.preview(complaint, "𠮷 Ω", by=li))
    assert told not in text_of(posting.bytes_of(post))
    assert told not in text_of(actions.preview(complaint, "您好", by=li))


def test_it_is_not_printed_before_somebody_said_that_he_saw_it(post, plain, li):
    with pytest.raises(Invalid, match=r"2 个字打印不出来：𠮷 \[U\+20BB7\] Ω"):
        actions.marked_printed([plain, post], by=li)
    plain.refresh_from_db()
    assert plain.state == "to_print"  # none of them
    with pytest.raises(Invalid, match="𠮷"):
        actions.marked_posted(post, by=li)
    assert actions.marked_printed([plain, post], by=li, confirmed=True) == 2
    actions.marked_posted(post, by=li)  # printed is seen
    assert post.state == "posted"


def test_other_words_on_a_redraw_are_looked_at_anew(post, li):
    template = Template.objects.get(code="reply-zh")
    actions.redraw(post, by=li, template=template, address="杭州市𠀋路 1 号")
    assert post.unprintable == ["𠀋", "𠮷", "Ω"]


def test_pages_say_it_and_ask(post, plain, li, signed_in):
    page = signed_in(li)
    shown = page.get(f"/paper/out/{post.pk}/").content.decode()
    assert "2 个字打印不出来：𠮷 [U+20BB7] Ω [U+03A9]" in shown and 'name="confirm"' in shown
    assert "打印不出来" not in page.get(f"/paper/out/{plain.pk}/").content.decode()
    assert "2 个字打印不出来" in page.get("/paper/out/").content.decode()
    asked = page.post("/paper/out/printed/", {"post": [post.pk, plain.pk]})
    assert asked.status_code == 200
    text = asked.content.decode()
    assert "𠮷 [U+20BB7] Ω" in text and f'value="{plain.pk}"' in text and 'name="confirm"' in text
    post.refresh_from_db()
    assert post.state == "to_print"
    done = page.post("/paper/out/printed/", {"post": [post.pk, plain.pk], "confirm": "1"})
    assert done.status_code == 302
    assert set(Post.objects.values_list("state", flat=True)) == {"printed"}


def test_programs_are_told_and_refused_the_same(post, li, api):
    client = api(li)
    assert client.get("/api/v1/letters/paper").json()["items"][0]["unprintable"] == ["𠮷", "Ω"]
    refused = client.post("/api/v1/letters/paper/printed", {"posts": [post.pk]}, **JS)
    assert refused.status_code == 422 and "𠮷" in refused.content.decode()
    url = f"/api/v1/letters/paper/{post.pk}"
    assert client.post(f"{url}/posted", {}, **JS).status_code == 422
    given = {"posts": [post.pk], "confirm": True}
    assert client.post("/api/v1/letters/paper/printed", given, **JS).json()[0]["state"] == "printed"


# --- taken back and mended ------------------------------------------------------------------------


def notes(post) -> list[str]:
    told = Event.objects.filter(complaint=post.letter.complaint, what="paper_sent").order_by("pk")
    return [event.facts["note"] for event in told]


def test_printed_is_taken_back(plain, li, zhou):
    with pytest.raises(Refused):
        actions.unmark_printed([plain], by=zhou)
    actions.marked_printed([plain], by=li)
    assert actions.unmark_printed([plain], by=zhou) == 1
    plain.refresh_from_db()
    assert (plain.state, plain.printed_by, plain.printed_at) == ("to_print", None, None)
    assert notes(plain) == ["撤销了“已打印”"]
    template = Template.objects.get(code="reply-en")
    actions.redraw(plain, by=li, template=template, address="杭州市文三路 1 号")


def test_posted_is_taken_back_to_where_it_lay(plain, li, zhou):
    actions.marked_printed([plain], by=zhou)
    with moment.at(moment.now() + timedelta(hours=1)):
        actions.marked_posted(plain, by=li, tracking="XA1")
        actions.unmark_posted(plain, by=zhou)
    sent = Letter.objects.get(pk=plain.letter_id)
    assert (plain.state, plain.printed_by, plain.tracking) == ("printed", zhou, "")
    assert (plain.posted_on, plain.posted_by, plain.posted_at) == (None, None, None)
    assert (sent.state, sent.sent_at, sent.outer_id) == ("held", None, "")
    day = notes(plain)[0].split()[0]
    assert notes(plain) == [f"{day} 寄出", f"撤销了 {day} 寄出"]
    last = Event.objects.filter(what="paper_sent").latest("pk")
    assert (last.facts["words"], last.by) == ("XA1", zhou)
    with pytest.raises(Refused):
        actions.unmark_posted(plain, by=zhou)
    actions.marked_posted(plain, by=li, tracking="XA2")
    assert Letter.objects.get(pk=plain.letter_id).state == "sent"


def test_posted_at_once_is_taken_back_to_the_printer(plain, li):
    actions.marked_posted(plain, by=li)
    actions.unmark_posted(plain, by=li)
    assert (plain.state, plain.printed_at) == ("to_print", None)


def test_after_seven_days_or_once_it_came_back_it_stays(plain, li):
    actions.marked_posted(plain, by=li)
    with moment.at(moment.now() + timedelta(days=7, minutes=1)), pytest.raises(Refused, match="7"):
        actions.unmark_posted(plain, by=li)
    actions.come_back(plain, by=li, reason="拒收")
    with pytest.raises(Refused):
        actions.unmark_posted(plain, by=li)
    assert plain.state == "returned"


def test_a_printed_one_stays_printed_after_seven_days(plain, li):
    actions.marked_printed([plain], by=li)
    with moment.at(moment.now() + timedelta(days=8)), pytest.raises(Refused):
        actions.unmark_printed([plain], by=li)


def test_a_tracking_number_is_mended_and_the_old_one_stays_on_record(plain, li, zhou):
    with pytest.raises(Refused):
        actions.mend_tracking(plain, by=li, tracking="A")
    actions.marked_posted(plain, by=li, tracking="XA1")
    actions.mend_tracking(plain, by=zhou, tracking=" XA2 ")
    assert plain.tracking == "XA2"
    assert notes(plain)[-1] == "单号由 XA1 改为 XA2"
    with pytest.raises(Invalid):
        actions.mend_tracking(plain, by=zhou, tracking="XA2")
    with pytest.raises(Invalid):
        actions.mend_tracking(plain, by=zhou, tracking="x" * 41)
    actions.mend_tracking(plain, by=zhou, tracking="")
    assert notes(plain)[-1] == "单号由 XA2 改为 （空）"


def test_who_posts_nothing_takes_nothing_back(plain, li, admin):
    actions.marked_posted(plain, by=li)
    for act in (
        lambda: actions.unmark_posted(plain, by=admin),
        lambda: actions.unmark_printed([plain], by=admin),
        lambda: actions.mend_tracking(plain, by=admin, tracking="1"),
    ):
        with pytest.raises(NotPermitted):
            act()


def test_what_was_cancelled_stays_so(plain, li):
    actions.marked_printed([plain], by=li)
    conversation.cancel_letter(plain.letter)
    with pytest.raises(Refused, match="取消"):
        actions.unmark_printed([plain], by=li)


def test_on_pages(plain, li, sun, signed_in):
    page, url = signed_in(li), f"/paper/out/{plain.pk}/"
    assert "撤销" not in page.get(url).content.decode()
    page.post("/paper/out/printed/", {"post": [plain.pk]})
    assert "撤销“已打印”" in page.get(url).content.decode()
    assert "撤销“已打印”" in page.get("/paper/out/?state=printed").content.decode()
    assert page.post("/paper/out/unprinted/", {"post": [plain.pk]}).status_code == 302
    page.post(f"{url}posted/", {"tracking": "XA1", "posted_on": "2026-13-40"})
    shown = page.get(url).content.decode()
    assert "撤销寄出登记" in shown and "改单号" in shown and "登记经过" in shown
    assert page.post(f"{url}tracking/", {"tracking": "XA2"}).status_code == 302
    assert "单号由 XA1 改为 XA2" in page.get(url).content.decode()
    story = page.get(f"/complaints/{plain.letter.complaint.number}/").content.decode()
    assert "单号由 XA1 改为 XA2" in story
    assert page.post(f"{url}unposted/").status_code == 302
    plain.refresh_from_db()
    assert plain.state == "to_print"
    assert signed_in(sun).post(f"{url}unposted/").status_code == 404
    assert signed_in(sun).post(f"{url}tracking/", {"tracking": "1"}).status_code == 404


def test_over_the_api(plain, li, sun, api):
    client, url = api(li), f"/api/v1/letters/paper/{plain.pk}"
    marked = {"posts": [plain.pk]}
    assert client.post("/api/v1/letters/paper/printed", marked, **JS).json()[0]["may_undo"]
    back = client.post("/api/v1/letters/paper/unprinted", marked, **JS).json()[0]
    assert (back["state"], back["may_undo"]) == ("to_print", False)
    client.post(f"{url}/posted", {"tracking": "XA1"}, **JS)
    mended = client.put(f"{url}/tracking", {"tracking": "XA2"}, **JS)
    assert mended.json()["tracking"] == "XA2"
    assert client.post(f"{url}/unposted").json()["state"] == "to_print"
    assert client.post(f"{url}/unposted").status_code == 409
    assert api(sun).post(f"{url}/unposted").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_takes_it_back(make_complaint, li, zhou):
    post = letter(make_complaint, li, "您好。")
    actions.marked_posted(post, by=li)
    results = at_once(
        lambda: actions.unmark_posted(Post.objects.get(pk=post.pk), by=li),
        lambda: actions.unmark_posted(Post.objects.get(pk=post.pk), by=zhou),
    )
    assert sum(isinstance(one, Refused) for one in results) == 1
    assert len(notes(post)) == 2
