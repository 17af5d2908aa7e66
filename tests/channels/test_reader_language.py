"""What one keeps another reads: sentences are said in the language of whoever asks for the page,
whichever language the worker or the other request spoke."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.utils import translation
from django.utils.translation import gettext_lazy

from huiyin.ground.kept import packed_facts
from huiyin.ground.people.models import ApiToken, User
from huiyin.ground.refusal import Invalid, NotPermitted, permission
from huiyin.ground.sentence import MARK, Sentence, as_sentence, joined, keep, said
from huiyin.ground.sentence import sentence as _
from huiyin.ground.webhooks.models import Call, Endpoint
from huiyin.journey.channels.hooks import actions
from huiyin.journey.channels.hooks.models import Arrival, Hook
from huiyin.journey.channels.mail.models import Mail, Mailbox
from huiyin.journey.channels.paper import actions as paper
from huiyin.journey.channels.paper.models import Scan
from huiyin.journey.channels.social.actions import Posted, take_post
from huiyin.journey.channels.social.models import Post
from huiyin.journey.complaint.models import Event
from huiyin.journey.complaint.words import What
from huiyin.journey.conversation.actions import Undelivered, letters
from huiyin.journey.conversation.models import Letter
from huiyin.surface.channels.models import Trial
from huiyin.surface.notices import actions as notices
from huiyin.surface.notices.models import Notice
from tests.hooks.conftest import message
from tests.paper import scans
from tests.signing import tell

pytestmark = pytest.mark.django_db

CHINESE, ENGLISH = "zh-hans", "en"
CJK = re.compile(r"[\u3400-\u9fff]")
TAKES_NOT = "对方不接收这个地址：%(said)s"
HOSTILE = [
    "550 mailbox unavailable",
    "%(x)s %s %(said)s %% %",
    "<b>bold</b><script>alert(1)</script>",
    '["对方不接收这个地址：%(said)s", {"said": "x"}]',
    f'{MARK}["没有安装这种接入"]',
    'a "quote" \\ and {"say": ["没有安装这种接入"]}',
    "中文的原话，换行\n第二行",
]


@pytest.fixture
def hook(db):
    return Hook.objects.create(code="forum", name="forum", connector="webhook")


def shown(client, path, language) -> str:
    """The page as people read it: without markup, entities resolved."""
    answer = client.get(path, {"lang": language}, follow=True)
    assert answer.status_code == 200, path
    page = re.sub(r"<script.*?</script>", "", answer.content.decode(), flags=re.DOTALL)
    return unescape(re.sub(r"<[^>]+>", " ", page))


def by_hand(model, pk, **columns) -> None:
    """A row from before: plain text, written past the field."""
    sets = ", ".join(f'"{name}" = %s' for name in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f'UPDATE "{model._meta.db_table}" SET {sets} WHERE id = %s', [*columns.values(), pk]
        )


def in_the_table(model, pk, column) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT "{column}" FROM "{model._meta.db_table}" WHERE id = %s', [pk])
        return cursor.fetchone()[0]


# --- the tool -----------------------------------------------------------------------------------


@pytest.mark.parametrize("told", HOSTILE)
@pytest.mark.parametrize("spoken", [CHINESE, ENGLISH])
def test_words_of_the_other_side_are_quoted_in_our_sentence(told, spoken):
    with translation.override(spoken):
        kept = keep(_(TAKES_NOT) % {"said": told})
    clean = told.replace(MARK, "")
    with translation.override(ENGLISH):
        assert said(kept) == f"The other side does not take this address: {clean}"
    with translation.override(CHINESE):
        assert said(kept) == f"对方不接收这个地址：{clean}"


@pytest.mark.parametrize("told", HOSTILE)
def test_words_of_the_other_side_alone_stay_theirs(told):
    with translation.override(ENGLISH):
        assert said(keep(told)) == told.replace(MARK, "")


def test_a_sentence_goes_through_an_exception_and_a_refusal():
    def raised(error):
        try:
            raise error
        except type(error) as caught:
            return keep(str(getattr(caught, "sentence", caught)))

    told = _(TAKES_NOT) % {"said": "x"}
    lazy = gettext_lazy("没有安装这种接入")
    kept = [raised(Undelivered(told)), raised(Undelivered(lazy)), raised(Invalid(told))]
    with pytest.raises(NotPermitted) as refused:
        permission(lazy)(lambda _user, _row: False).require(User(), None)
    kept.append(keep(refused.value.sentence))
    with translation.override(ENGLISH):
        assert [said(one) for one in kept] == [
            "The other side does not take this address: x",
            "This kind of connection is not installed",
            "The other side does not take this address: x",
            "This kind of connection is not installed",
        ]


def test_a_sentence_within_a_sentence_is_said_with_it():
    inner = _(TAKES_NOT) % {"said": "x"}
    outer = _("%(what)s：%(why)s") % {"what": gettext_lazy("没有安装这种接入"), "why": inner}
    both = joined([outer, inner, "their own"])
    with translation.override(ENGLISH):
        words = "This kind of connection is not installed"
        assert said(keep(outer)).startswith(words)
        assert said(keep(both)).count("does not take this address") == 2
        assert said(keep(both)).endswith("their own")
        assert words in f"{outer}"
        assert words in str(outer)


def test_what_is_read_and_written_again_stays_what_it_was():
    """So a seal over a row from before is not broken by who saves it."""
    for kept in ("多次处理失败", "anything", keep(_(TAKES_NOT) % {"said": "x"})):
        with translation.override(ENGLISH):
            assert keep(said(kept)) == kept


def test_nothing_is_cut_in_the_middle_and_nothing_grows_without_end():
    long = "x" * 100_000
    kept = keep(_(TAKES_NOT) % {"said": long})
    assert len(kept) < 1000
    with translation.override(ENGLISH):
        assert said(kept).startswith("The other side does not take this address: xxx")
        assert said(kept).endswith("…")
        assert said(keep(long)).endswith("…")
    assert keep("a\x00b") == "ab"
    assert joined([]) == ""


@pytest.mark.parametrize(
    "broken", ["{", '["x", {"y": 1}', "[]", "3", '["%(a)s", {}]', "null", "[3]"]
)
def test_what_somebody_wrote_into_the_table_breaks_no_page(broken):
    assert isinstance(said(MARK + broken), str)


def test_values_without_names_make_a_plain_text():
    told = _("没有安装这种接入（%s）") % 3
    assert keep(told) == "没有安装这种接入（3）"


def test_facts_keep_sentences_wherever_they_stand():
    told = packed_facts({"a": [as_sentence(gettext_lazy("多次处理失败"))], "b": "多次处理失败"})
    assert told == {"a": [{MARK: ["多次处理失败"]}], "b": "多次处理失败"}


# --- what came in from outside ------------------------------------------------------------------


@pytest.mark.parametrize(("worker", "reader"), [(CHINESE, ENGLISH), (ENGLISH, CHINESE)])
def test_arrivals_are_read_in_the_language_of_the_reader(
    hook, admin, signed_in, api, worker, reader
):
    tell(hook, message(1), key="k1")
    tell(hook, message(2, author="u2", text="字" * 20_001), key="k2")
    tell(hook, {"id": "m3", "kind": "nonsense"}, key="k3")
    with translation.override(worker):
        actions.take_due()
    with translation.override(reader):
        words = [str(_("新投诉")), str(_("不认识的 kind，请写 message、post 或 receipt"))]
        rows = {one.key: one for one in Arrival.objects.all()}
        assert [rows["k1"].outcome, rows["k3"].error] == words
        assert "20000" in rows["k2"].error
        health_words = Hook.objects.get().came_error
    page = shown(signed_in(admin), "/hooks/arrivals/", reader)
    for one in (*words, rows["k2"].error):
        assert one in page
        assert bool(CJK.search(one)) is (reader == CHINESE)
    assert health_words in shown(signed_in(admin), "/channels/", reader)
    told = api(admin).get("/api/v1/arrivals", {"state": "failed", "lang": reader}).json()
    assert {one["error"] for one in told} == {rows["k2"].error, rows["k3"].error}


def test_rows_from_before_are_read_as_they_are_or_in_the_language_of_the_reader(
    hook, admin, signed_in
):
    tell(hook, message(1), key="known")
    tell(hook, message(2), key="foreign")
    known, foreign = Arrival.objects.order_by("pk")
    by_hand(Arrival, known.pk, state="failed", error="没有安装这种接入")
    by_hand(Arrival, foreign.pk, state="failed", error="ValueError: %(x)s <i>你好</i>")
    page = shown(signed_in(admin), "/hooks/arrivals/", ENGLISH)
    assert "This kind of connection is not installed" in page
    assert "ValueError: %(x)s <i>你好</i>" in page
    assert "没有安装这种接入" in shown(signed_in(admin), "/hooks/arrivals/", CHINESE)
    Arrival.objects.get(pk=known.pk).save()
    assert in_the_table(Arrival, known.pk, "error") == "没有安装这种接入"


# --- letters ------------------------------------------------------------------------------------


class Carrier:
    def __init__(self):
        self.error: Exception | None = None

    def post(self, letter, body):
        assert self.error is not None
        raise self.error


@pytest.fixture
def missed(make_complaint, li, monkeypatch):
    """A letter about his complaint that the other side will not have; the worker is Chinese."""
    carrier = Carrier()
    monkeypatch.setattr(letters, "carrier_of", lambda _channel: carrier)
    complaint = make_complaint()
    complaint.carry(assignee=li, team=li.teams.first())

    def miss(told="550 mailbox unavailable", *, final=True, language=CHINESE):
        letters.post_letter(
            complaint,
            event=None,
            purpose="closed",
            recipient="a@example.com",
            subject="s",
            body="b",
        )
        with translation.override(language):
            carrier.error = Undelivered(_(TAKES_NOT) % {"said": told}, final=final)
            letters.send_due_letters()
        return Letter.objects.latest("pk")

    return miss


@pytest.mark.parametrize("told", HOSTILE)
def test_why_a_letter_failed_is_told_everywhere_in_the_language_of_the_reader(
    missed, told, manager, li, signed_in, api
):
    letter = missed(told)
    assert letter.state == "failed"
    wanted = (
        f"The other side does not take this address: {' '.join(told.replace(MARK, '').split())}"
    )
    number = letter.complaint.number
    for user, path in (
        (manager, f"/console/letters/{letter.pk}/"),
        (manager, "/channels/"),
        (li, f"/complaints/{number}/"),
    ):
        page = " ".join(shown(signed_in(user), path, ENGLISH).split())
        assert wanted[:190] in page, path
        assert "对方不接收" not in page.replace(told, ""), path
        assert "对方不接收这个地址" in shown(signed_in(user), path, CHINESE), path
    page = signed_in(li).get(f"/complaints/{number}/", {"lang": ENGLISH}).content.decode()
    assert "<b>bold</b>" not in page
    told_api = api(li).get(f"/api/v1/complaints/{number}", {"lang": ENGLISH})
    assert told_api.status_code == 200


def test_a_notice_of_it_is_in_the_language_of_whom_it_is_for(missed, li):
    li.language = ENGLISH
    li.save(update_fields=["language"])
    letter = missed()
    event = Event.objects.get(what=What.LETTER_FAILED)
    assert event.facts["letter"] == letter.pk
    with translation.override(CHINESE):  # as the worker
        notices.tell_assignee(event)
    text = Notice.objects.get(user=li).text
    assert "The other side does not take this address: 550 mailbox unavailable" in text


def test_a_letter_that_waits_says_why_too(missed, manager, signed_in):
    letter = missed(final=False, language=ENGLISH)
    assert letter.state == "queued"
    page = shown(signed_in(manager), f"/console/letters/{letter.pk}/", CHINESE)
    assert "对方不接收这个地址：550 mailbox unavailable" in page


# --- the others ---------------------------------------------------------------------------------


def test_a_scan_that_could_not_be_opened(li, admin, signed_in):
    with translation.override(CHINESE):
        paper.keep([scans.upload("a.pdf", b"%PDF-1.4 nothing")], by=li, together=True)
        paper.draw_due()
    scan = Scan.objects.get()
    assert scan.state == "failed"
    page = shown(signed_in(li), f"/paper/{scan.piece_id}/", ENGLISH)
    with translation.override(ENGLISH):
        assert Scan.objects.get().error in page
        assert not CJK.search(Scan.objects.get().error)
    with translation.override(CHINESE):
        assert "损坏" in Scan.objects.get().error
    assert "To register" in shown(signed_in(li), "/paper/", ENGLISH)
    assert "Not handled" in shown(signed_in(li), "/paper/", ENGLISH)


def test_why_a_post_is_a_crisis(admin, li, signed_in):
    with translation.override(CHINESE):
        post, _new = take_post(Posted("微博", "p1", "u1", "x <b>", author="w", reach=5_000_000))
    assert post.is_crisis
    assert isinstance(Post.objects.get().reasons[0], Sentence)
    with translation.override(ENGLISH):
        assert not CJK.search(Post.objects.get().why)
        told = Event.objects.get(what=What.POSTED_PUBLICLY).facts["reason"]
        assert str(told) == Post.objects.get().why
    with translation.override(CHINESE):
        assert "5000000 个粉丝" in Post.objects.get().why


def test_a_try_of_a_channel_is_read_by_the_others_in_theirs(admin, manager, signed_in):
    with translation.override(CHINESE):
        Trial.objects.create(
            key="api",
            name="API",
            by=admin,
            at="2026-10-01T10:00+08:00",
            ended_at="2026-10-01T10:00+08:00",
            words=_("有令牌的请求得到应答，没有令牌的被拒绝；公开地址也打得开"),
        )
    page = shown(signed_in(manager), "/channels/trials/", ENGLISH)
    with translation.override(ENGLISH):
        assert Trial.objects.get().words in page
        assert not CJK.search(Trial.objects.get().words)


def test_mailboxes_and_mails_say_it_too(admin, signed_in):
    with translation.override(CHINESE):
        box = Mailbox.objects.create(
            address="z@example.com",
            imap_host="h",
            receive_error=_("%(where)s 拒绝连接，请检查端口") % {"where": "h:993"},
        )
        Mail.objects.create(
            mailbox=box,
            source="imap",
            raw=b"",
            size=0,
            sha256="0" * 64,
            received_at="2026-10-01T10:00+08:00",
            next_try_at="2026-10-01T10:00+08:00",
            state="held",
            subject="s",
            reason=_("邮件太大，没有取回，仍在邮件服务器上，请到服务器上查看"),
        )
    page = shown(signed_in(admin), "/channels/", ENGLISH)
    with translation.override(ENGLISH):
        assert Mailbox.objects.get().receive_error in page
        assert not CJK.search(Mail.objects.get().reason)


def test_a_call_to_an_outside_system(manager, admin, signed_in):
    endpoint = Endpoint.objects.create(code="erp", name="erp", url="https://erp.example/")
    with translation.override(CHINESE):
        call = Call.objects.create(
            endpoint=endpoint,
            kind="x",
            subject="x:1",
            about="x",
            body="{}",
            state="refused",
            next_try_at="2026-10-01T10:00+08:00",
            created_at="2026-10-01T10:00+08:00",
            error=_("对方拒收（%(status)s）") % {"status": 422},
        )
    with translation.override(ENGLISH):
        told = Call.objects.get(pk=call.pk).error
        assert "422" in told and not CJK.search(told)


def test_a_program_is_answered_in_the_language_of_its_owner(hook, admin):
    tell(hook, {"id": "m3", "kind": "nonsense"}, key="k3")
    with translation.override(CHINESE):
        actions.take_due()
    from django.test import Client

    _token, secret = ApiToken.issue(admin, "test")
    client = Client(headers={"Authorization": f"Bearer {secret}"})
    answer = client.get("/api/v1/arrivals")
    assert "不认识的 kind" in answer.json()[0]["error"]
    assert answer.headers["Content-Language"] == CHINESE
    User.objects.filter(pk=admin.pk).update(language=ENGLISH)
    answer = client.get("/api/v1/arrivals")
    assert not CJK.search(answer.json()[0]["error"])
    assert answer.headers["Content-Language"] == ENGLISH
    refused = client.post(f"/api/v1/arrivals/{Arrival.objects.get().pk}/again")
    assert refused.status_code == 200
    again = client.post(f"/api/v1/arrivals/{Arrival.objects.get().pk}/again")
    assert again.status_code == 409
    assert not CJK.search(again.json()["detail"])
    assert translation.get_language() == CHINESE  # it ended with the request


def test_a_question_about_letters_still_finds_by_state_and_time(missed):
    letter = missed()
    assert Letter.objects.filter(error__contains="550 mailbox").get() == letter
    assert Letter.objects.exclude(error="").get() == letter
    assert letter.next_try_at + timedelta(hours=1) > letter.created_at
