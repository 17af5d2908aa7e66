"""The case file as PDF: what stands in it, for whom, in which form, and that it is on record."""

from __future__ import annotations

import pypdfium2
import pytest

from huiyin.ground import moment
from huiyin.ground.people.words import Role
from huiyin.ground.printing import fonts
from huiyin.ground.printing.rules import printable
from huiyin.ground.privacy.models import Reveal
from huiyin.ground.refusal import Invalid, NotPermitted
from huiyin.journey.complaint.actions import bar
from huiyin.journey.complaint.models import Event
from huiyin.journey.conversation.actions import customer_wrote
from huiyin.journey.conversation.models import Message
from huiyin.journey.improvement.actions import Plan, begin
from huiyin.surface.dossier import actions, paper
from huiyin.surface.dossier.models import Printing
from huiyin.surface.dossier.words import Paper, State
from tests.conftest import person
from tests.roads import assigned, close, feed_back, fresh, solved

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def _font():
    """Made once for the folder of the data; some seconds."""
    fonts.prepare()


def text_of(data: bytes) -> tuple[str, list[str]]:
    document = pypdfium2.PdfDocument(data)
    pages = [document[n].get_textpage().get_text_range() for n in range(len(document))]
    return "\n".join(pages), pages


def printed(complaint, by, kind=Paper.CASE, **asked):
    one = actions.ask(fresh(complaint), by=by, kind=kind, **asked)
    return one, *text_of(actions.draw_now(one))


@pytest.fixture
def closed(make_complaint, after_sales, li, chen):
    complaint = solved(make_complaint, after_sales, li, category="PD.02.01", order_no="SO-1")
    feed_back(complaint, li)
    close(complaint, li)
    begin(
        [fresh(complaint)],
        by=chen,
        plan=Plan(kind="page", title="更正电饭煲页面", person=li),
    )
    return complaint


def test_the_case_file_holds_the_whole_case_with_page_numbers_and_who_printed(closed, li):
    one, text, pages = printed(closed, li)
    for part in (
        closed.number,
        "跟进表",
        "已确认收到",
        "已结案",
        "加热盘接触不良",  # the finding
        "售后条款 3.2",  # the basis of the option
        "流水号 20261125001",  # the proof
        "换了加热盘",  # the feedback
        "更正电饭煲页面",  # the improvement
        "往来与记录",
    ):
        assert part in text.replace("\r\n", ""), part
    for number, page in enumerate(pages, start=1):
        assert f"{number}/{len(pages)}" in page
        assert "李明（li）打印于" in page
    assert (one.pages, one.state, one.size > 1000) == (len(pages), State.GONE, True)
    assert "认证" not in text


def test_personal_data_is_masked_unless_asked_for_with_a_reason(closed, li):
    Message.objects.create(
        complaint=closed, kind="note", text="王芳说请打 13800138000", by=li, at=moment.now()
    )
    _one, text, _pages = printed(closed, li)
    for secret in ("138 0013 8000", "13800138000", "wf@example.com", "王芳"):
        assert secret not in text
    assert "138****8000" in text
    with pytest.raises(Invalid):
        actions.ask(fresh(closed), by=li, kind=Paper.CASE, reveal=True, reason="看")
    assert not Reveal.objects.exists()
    one, text, _pages = printed(closed, li, reveal=True, reason="法院调取，案号 2026-1")
    assert "138 0013 8000" in text
    assert "王芳" in text
    log = Reveal.objects.get()
    assert (log.by, log.complaint_number) == (li, closed.number)
    assert (one.revealed, one.reason) == (True, "法院调取，案号 2026-1")


def test_who_does_not_see_it_prints_nothing(closed, li, sun, manager, signed_in, api):
    with pytest.raises(NotPermitted):
        actions.ask(fresh(closed), by=sun, kind=Paper.CASE)
    assert signed_in(sun).post(f"/complaints/{closed.number}/follow-up/").status_code == 404
    assert api(sun).post(f"/api/v1/complaints/{closed.number}/dossier").status_code == 404
    bar(fresh(closed), by=manager, person=li, reason="是被投诉的当事人")
    assert signed_in(li).post(f"/complaints/{closed.number}/follow-up/").status_code == 404


def test_whoever_loses_sight_meanwhile_gets_nothing(closed, li, manager):
    one = actions.ask(fresh(closed), by=li, kind=Paper.CASE)
    bar(fresh(closed), by=manager, person=li, reason="是被投诉的当事人")
    li.__dict__.pop("written_about", None)
    actions.carry_on(Printing.objects.get(pk=one.pk))
    one.refresh_from_db()
    assert one.state == State.FAILED
    assert not actions.file_of(one).exists()


HOSTILE = {
    "control": "前\x01\x1f后",
    "markup": "<b>粗</b> & <font size=99>大</font> <!-- --> ]]>",
    "emoji": "气死了😡👨‍👩‍👧" * 20,
    "rtl": "שלום السلام \u202eabc\u202c",
    "rare": "龘靐齉齾爨𠮷𪚥",
    "line": "无空格的一行" * 17_000,
    "word": "x" * 100_000,
    "lines": "\n" * 5000 + "末尾",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_no_text_breaks_it(name, make_complaint, after_sales, li):
    complaint = assigned(make_complaint, after_sales, li)
    Message.objects.create(
        complaint=complaint, kind="note", text=HOSTILE[name], by=li, at=moment.now()
    )
    _one, text, pages = printed(complaint, li)
    assert f"1/{len(pages)}" in pages[0]
    if name == "markup":
        assert "<b>粗</b>" in text
    if name == "line":
        assert text.replace("\r\n", "").count("无空格的一行") > 16_000
    if name == "lines":
        assert "末尾" in text


def test_a_hostile_complaint_of_its_own(make_complaint, after_sales, li, wang_fang):
    wang_fang.name = "王<i>芳\u202e"
    wang_fang.save()
    complaint = assigned(
        make_complaint, after_sales, li, text="x" * 20_000, subject="<para>" * 10, wanted="退\x02款"
    )
    _one, text, _pages = printed(complaint, li, Paper.FOLLOW_UP)
    assert "<para>" in text


def test_a_long_story_is_drawn_by_the_worker_with_progress(
    make_complaint, after_sales, li, signed_in
):
    complaint = assigned(make_complaint, after_sales, li)
    Event.objects.bulk_create(
        Event(
            complaint=complaint,
            what="urged",
            by=li,
            at=moment.now(),
            facts={"reason": f"第 {n} 次"},
        )
        for n in range(600)
    )
    reader = signed_in(li)
    asked = reader.post(f"/complaints/{complaint.number}/printing/", {"paper": "case"})
    assert asked.status_code == 302
    one = Printing.objects.get()
    assert one.state == State.WAITING
    assert "正在生成" in reader.get(asked["Location"]).content.decode()
    assert reader.get(f"/printings/{one.uuid}/file/").status_code == 404
    actions.carry_on(one)
    one.refresh_from_db()
    assert (one.state, one.percent) == (State.READY, 100)
    assert "下载" in reader.get(asked["Location"]).content.decode()
    answer = reader.get(f"/printings/{one.uuid}/file/")
    text, pages = text_of(b"".join(answer.streaming_content))
    assert "第 599 次" in text
    assert len(pages) == one.pages > 10
    other = signed_in(person("boss", "经理", Role.MANAGER))
    assert other.get(f"/printings/{one.uuid}/file/").status_code == 404  # not his
    with moment.at(moment.now() + actions.KEPT * 2):
        assert actions.sweep_prints() == 1
    assert not actions.file_of(one).exists()
    assert Printing.objects.get().state == State.GONE


def test_the_follow_up_form_on_a_page_and_for_programs(closed, li, signed_in, api):
    page = signed_in(li).post(f"/complaints/{closed.number}/follow-up/").content.decode()
    for part in ("符合 ISO 10002 指南的跟进表", "已告知投诉人", "纠正已核验", "138****8000"):
        assert part in page
    assert "认证" not in page
    assert Printing.objects.get().state == State.SHOWN  # on record
    told = api(li).get(f"/api/v1/complaints/{closed.number}/milestones").json()
    reached = [one["key"] for one in told if one["at"]]
    assert reached == ["investigated", "resolved", "informed", "closed"]
    answer = api(li).post(f"/api/v1/complaints/{closed.number}/dossier?paper=follow_up")
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")
    later = api(li).post(
        f"/api/v1/complaints/{closed.number}/printings", {"paper": "case"}, "application/json"
    )
    assert later.status_code == 202
    assert later.json()["state"] == State.WAITING


def test_its_font_is_embedded_and_only_what_is_used(closed, li):
    one = actions.ask(fresh(closed), by=li, kind=Paper.CASE)
    data = actions.draw_now(one)
    assert b"/FontFile2" in data
    assert len(data) < 600_000


def test_the_seal_of_the_archive_stands_in_the_case_file(closed, li):
    from datetime import timedelta

    from huiyin.journey.closure.actions import archive_due

    with moment.at(moment.now() + timedelta(days=31)):
        archive_due()
    complaint = fresh(closed)
    assert complaint.status == "ARC"
    _one, text, _pages = printed(complaint, li)
    assert complaint.seals.get().digest in text.replace("\r\n", "").replace("\n", "")
    assert "与封存时一致" in text


# --- emoji and other scripts ---------------------------------------------------------------------

SHOUTED = "不加热😡👍🏻，赔钱❤️ السلام عليكم"


@pytest.fixture
def shouted(make_complaint, after_sales, li):
    complaint = assigned(make_complaint, after_sales, li)
    customer_wrote(complaint, by=li, text=SHOUTED)
    return complaint


def test_emoji_are_drawn_and_copied_out_as_what_they_are(shouted, li):
    _one, text, _pages = printed(shouted, li)
    assert "不加热😡👍🏻，赔钱❤" in text
    assert "U+1F621" not in text and "U+FE0F" not in text


def test_without_the_package_of_emoji_they_are_told_by_their_number(settings, tmp_path):
    settings.EMOJI_PACKAGE = tmp_path / "nothing"
    assert fonts.emoji() == []
    assert printable("😡", frozenset(map(ord, "[]U+1F62"))) == "[U+1F621]"


def test_as_plain_text_every_character_stands_as_it_was_written(shouted, li):
    one = actions.ask(fresh(shouted), by=li, kind=Paper.TEXT)
    text = actions.draw_now(one).decode("utf-8-sig")
    assert SHOUTED in text and shouted.number in text and "李明（li）打印于" in text
    assert one.pages == 0 and one.size and one.sha256
    assert one.file_name == f"{shouted.number}-text.txt"


def test_plain_text_is_masked_like_the_rest(shouted, li, wang_fang):
    one = actions.ask(fresh(shouted), by=li, kind=Paper.TEXT)
    assert wang_fang.name not in actions.draw_now(one).decode()
    one = actions.ask(fresh(shouted), by=li, kind=Paper.TEXT, reveal=True, reason="法院调取")
    assert wang_fang.name in actions.draw_now(one).decode()


def test_page_and_program_give_the_text(shouted, li, sun, signed_in, api):
    place = f"/complaints/{shouted.number}/printing/"
    answer = signed_in(li).post(place, {"paper": "text"})
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert SHOUTED in answer.content.decode() and ".txt" in answer["Content-Disposition"]
    place = f"/api/v1/complaints/{shouted.number}/dossier?paper=text"
    assert SHOUTED in api(li).post(place).content.decode()
    assert api(sun).post(place).status_code == 404


def test_a_half_character_breaks_neither(make_complaint, after_sales, li):
    sheet = paper.Sheet("TS\ud800", "李明", "", blocks=[paper.Said("😡\udfff", "\ud83d")])
    assert paper.written(sheet).data and paper.draw(sheet).pages == 1
