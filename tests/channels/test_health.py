"""The page of channels: a row for each way in and out, each with its figures and a real try."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from html import unescape
from io import BytesIO
from threading import Event
from urllib.parse import urlsplit

import pytest
from django.conf import settings as configured
from django.db import connection
from django.utils import timezone
from psycopg.conninfo import make_conninfo

from huiyin.ground import moment
from huiyin.ground.people.models import ApiToken
from huiyin.ground.refusal import Refused
from huiyin.journey.channels.chat.models import Site
from huiyin.journey.channels.health import Health
from huiyin.journey.channels.hooks.models import Arrival, Hook
from huiyin.journey.channels.mail.actions import trying as mailing
from huiyin.journey.channels.mail.models import Mailbox
from huiyin.journey.channels.paper.actions import testing as scanning
from huiyin.journey.channels.recordings.actions import testing as listening
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.conversation.models import Letter
from huiyin.journey.conversation.words import LetterState
from huiyin.journey.intake.actions import Contact, register_once
from huiyin.journey.intake.models import Intake
from huiyin.journey.intake.words import Via
from huiyin.surface.channels import actions, lists, programs
from huiyin.surface.channels.models import Trial
from huiyin.surface.portal import health as portal
from tests.mail.servers import Keeper, free_port, smtp_server
from tests.together import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _patient(monkeypatch):
    """However slow this machine is just now: what is tried here is not how long it takes."""
    monkeypatch.setattr(scanning, "LONGEST_TEST", 120.0)
    monkeypatch.setattr(listening, "LIMITS", replace(listening.LIMITS, cpu=120, wall=120))
    monkeypatch.setattr(mailing, "LONGEST", 120.0)


OWN = ("outbox", "mail-reading", "recordings", "paper-in", "paper-out", "counter", "portal", "api")


def row(user, key):
    return lists.row_of(user, key)


def test_each_way_in_and_out_has_one_row_with_a_try(manager, admin):
    hook = Hook.objects.create(code="pbx", name="话务台", connector="cti")
    Site.objects.create(code="shop", name="商城")
    found = lists.rows(admin)
    keys = [one.key for one in found]
    assert len(keys) == len(set(keys))
    assert set(OWN) <= set(keys)
    assert keys.count(f"hook-{hook.pk}") == 1
    assert [one.name for one in found].count("话务台") == 1  # neither twice nor by another name
    assert all(one.can_be_tried for one in found)
    assert all(one.comes or one.leaves for one in found)


def test_rows_that_need_somebody_stand_first(manager, admin):
    Mailbox.objects.create(address="z@example.com", smtp_host="h", send_error="拒绝登录")
    Mailbox.objects.create(address="a@example.com", enabled=False)
    states = [lists.WORST.index(one.state) for one in lists.rows(admin)]
    assert states == sorted(states)
    assert lists.rows(admin)[0].state == "bad"


def test_a_channel_that_cannot_tell_hides_no_other(admin, signed_in, settings, caplog):
    settings.CHANNELS = ("tests.channels.test_health.broken", *settings.CHANNELS)
    found = lists.rows(admin)
    assert (found[0].state, found[0].can_be_tried) == ("bad", False)
    assert set(OWN) <= {one.key for one in found}
    page = signed_in(admin)
    assert "读不到它的状态" in page.get("/channels/").content.decode()
    assert page.post(f"/channels/{found[0].key}/test/").status_code == 409


def broken(_user):
    raise ValueError("no such table")


def test_the_portal_and_the_api_tell_of_their_last_registration(chen, li, manager, signed_in):
    for name in ("portal", "api"):
        assert row(manager, name).came_at is None
    for via in (Via.PORTAL, Via.API, Via.STAFF):
        register_once(by=li, channel="portal", contact=Contact(name="甲"), text="坏了", via=via)
    for name, via in (("portal", Via.PORTAL), ("api", Via.API)):
        found = row(manager, name)
        assert found.came_at == Complaint.objects.get(intake__via=via).received_at
        figures = {one.label: one for one in found.figures}
        assert figures["今天登记"].count == 1
        listed = signed_in(manager).get(figures["今天登记"].address).content.decode()
        number = Complaint.objects.get(intake__via=via).number
        others = Complaint.objects.exclude(intake__via=via).values_list("number", flat=True)
        assert number in listed
        assert not any(other in listed for other in others)
        assert "登记入口是" in listed


def test_figures_open_nothing_for_whoever_sees_no_complaints(admin, li):
    register_once(by=li, channel="portal", contact=Contact(name="甲"), text="坏", via=Via.PORTAL)
    figures = row(admin, "portal").figures
    assert figures[0].count == 1  # he runs the machines: how much, not what
    assert all(not one.address for one in figures)


def test_every_figure_that_leads_somewhere_opens_for_its_reader(manager, chen, admin, signed_in):
    Hook.objects.create(code="pbx", name="话务台", connector="cti")
    Mailbox.objects.create(address="a@example.com", imap_host="h", smtp_host="h")
    Site.objects.create(code="shop", name="商城")
    for user in (manager, chen, admin):
        page = signed_in(user)
        for one in lists.rows(user):
            for figure in one.figures:
                if figure.address:
                    assert page.get(figure.address).status_code == 200, (user, figure)
            if one.leads_to:
                assert page.get(one.leads_to).status_code == 200, (user, one.leads_to)


def test_a_failure_of_the_telephone_opens_what_failed(manager, signed_in):
    hook = Hook.objects.create(code="pbx", name="话务台", connector="cti", came_error="读不懂")
    now = moment.now()
    Arrival.objects.create(
        hook=hook, key="k1", raw=b"[]", received_at=now, next_try_at=now, state="failed"
    )
    found = row(manager, f"hook-{hook.pk}")
    figure = next(one for one in found.figures if one.label == "处理失败")
    assert (figure.count, figure.is_bad) == (1, True)
    assert "k1" in signed_in(manager).get(figure.address).content.decode()
    assert found.faults[0].words == "收：读不懂"
    assert found.faults[0].at == now
    text = unescape(signed_in(manager).get("/channels/").content.decode())
    assert "读不懂" in text and figure.address in text


def test_the_last_letter_that_failed_tells_why_and_when(manager):
    now = moment.now()
    for error in ("早的", "对方不接收"):
        Letter.objects.create(
            purpose="t", recipient="a@b.c", subject="s", body="b", state=LetterState.FAILED,
            next_try_at=now, created_at=now, error=error,
        )  # fmt: skip
    (fault,) = row(manager, "outbox").faults
    assert (fault.words, fault.at) == ("对方不接收", now)


# --- the tries -----------------------------------------------------------------------------------


@pytest.mark.parametrize("key", [key for key in OWN if key != "outbox"])
def test_a_try_really_does_it_and_is_kept(key, chen, signed_in):
    before = (Complaint.objects.count(), Letter.objects.count())
    text = signed_in(chen).post(f"/channels/{key}/test/").content.decode()
    trial = Trial.objects.get(key=key)
    assert trial.well, trial.words
    assert trial.words in unescape(text)
    assert (trial.by, bool(trial.ended_at)) == (chen, True)
    assert (Complaint.objects.count(), Letter.objects.count()) == before
    page = signed_in(chen).get("/channels/").content.decode()
    assert f"/channels/trials/?key={key}" in page
    assert trial.words in unescape(signed_in(chen).get("/channels/trials/").content.decode())


def test_the_outbox_signs_in_everywhere_letters_leave_by(chen, settings):
    settings.EMAIL_HOST = ""
    assert "没有发信服务器" in tried(chen, "outbox").words
    keeper = Keeper()
    with smtp_server(keeper) as port:
        right = {"smtp_host": "127.0.0.1", "smtp_port": port, "smtp_security": "none"}
        Mailbox.objects.create(address="a@example.com", **right)
        good = tried(chen, "outbox")
        assert good.well and "a@example.com" in good.words
        Mailbox.objects.create(address="b@example.com", **right | {"smtp_port": free_port()})
        bad = tried(chen, "outbox")
    assert not bad.well
    assert "b@example.com：" in bad.words and "拒绝连接" in bad.words
    assert "a@example.com" not in bad.words
    assert keeper.mails == []


def tried(user, key):
    return actions.try_out(lists.row_of(user, key), by=user)


def test_a_server_that_never_answers_keeps_nobody_waiting(chen, monkeypatch):
    monkeypatch.setattr(mailing, "LONGEST", 0.5)
    gone = Event()
    monkeypatch.setattr(mailing.smtp, "ask", lambda *_more: gone.wait(30))
    Mailbox.objects.create(address="a@example.com", smtp_host="h", smtp_port=25)
    found = tried(chen, "outbox")
    assert "没有及时应答" in found.words
    gone.set()
    assert found.seconds < 25  # the server would have taken thirty


@pytest.mark.django_db(transaction=True)
def test_chat_is_read_over_as_each_site_and_heard(chen, monkeypatch):
    dsn = make_conninfo(configured.DATABASE_DSN, dbname=connection.settings_dict["NAME"])
    monkeypatch.setattr(configured, "DATABASE_DSN", dsn)
    site = Site.objects.create(code="shop", name="商城")
    key = f"site-{site.pk}"
    assert "还没有允许的网站" in tried(chen, key).words
    Site.objects.update(origins=["https://a.example", "https://b.example"])
    good = tried(chen, key)
    assert good.well, good.words
    assert "2 个网站" in good.words
    monkeypatch.setattr(configured, "DATABASE_DSN", "host=127.0.0.1 port=1 connect_timeout=1")
    assert "没有及时转告" in tried(chen, key).words
    Site.objects.update(enabled=False)
    assert "已停用" in tried(chen, key).words


def test_a_page_that_does_not_answer_is_told(chen, monkeypatch):
    monkeypatch.setattr(portal, "PAGES", (("/portal/nowhere/", ()),))
    assert "没有正常应答（404）" in tried(chen, "portal").words
    monkeypatch.setattr(programs, "GATE", "/api/v1/nowhere")
    assert "/api/v1/nowhere 没有正常应答（404）" in tried(chen, "api").words
    assert not ApiToken.objects.exists()


def test_a_public_address_is_called_over_the_network(chen, settings):
    settings.BASE_URL = "https://no-such-host.invalid"
    settings.ALLOWED_HOSTS = ["no-such-host.invalid"]
    for key in ("portal", "api"):
        found = tried(chen, key)
        assert not found.well
        assert "从公开地址 https://no-such-host.invalid" in found.words
    settings.ALLOWED_HOSTS = ["other.invalid"]  # customers would read “bad request”
    assert "没有正常应答（400）" in tried(chen, "portal").words


def test_listening_that_fails_is_told(chen, monkeypatch):
    monkeypatch.setattr(listening, "specimen", lambda: b"RIFF")
    found = tried(chen, "recordings")
    assert not found.well
    assert "unreadable" in found.words


def test_a_try_that_breaks_is_a_sentence_and_nothing_of_it_leaks(chen, caplog):
    def breaks() -> str:
        raise RuntimeError("secret-of-theirs")

    found = actions.try_out(
        Health("x", "甲", "乙", "plug", "good", "正常", attempt=breaks), by=chen
    )
    assert (found.well, found.words) == (False, "测试中断，请查看系统日志")


def test_of_two_clicks_at_once_one_is_tried(chen):
    Trial.objects.create(key="api", name="接口", by=chen, at=timezone.now())
    with pytest.raises(Refused, match="正在测试"):
        tried(chen, "api")
    # Whoever began it died: after a minute it is over, and the next may try.
    Trial.objects.update(at=timezone.now() - timedelta(minutes=2))
    assert tried(chen, "api").well
    assert tried(chen, "api").well  # and again, as often as wanted
    assert Trial.objects.earliest("pk").words == "没有测试完"


@pytest.mark.django_db(transaction=True)
def test_two_at_once_really(chen):
    import threading

    both = threading.Barrier(2)

    def slow() -> str:
        both.wait(timeout=60)
        return "好"

    one = Health("x", "甲", "乙", "plug", "good", "正常", attempt=slow)

    def second():
        for _try in range(2000):
            if Trial.objects.filter(key="x").exists():
                break
            listening.time.sleep(0.02)
        try:
            return actions.try_out(one, by=chen)
        finally:
            both.wait(timeout=60)

    first, refused = at_once(lambda: actions.try_out(one, by=chen), second)
    assert isinstance(first, Trial) and first.well
    assert isinstance(refused, Refused)
    assert Trial.objects.count() == 1


def test_who_may_and_what_is_not_there(li, zhou, chen, signed_in, api):
    for user in (li, zhou):
        assert signed_in(user).post("/channels/api/test/").status_code == 403
        assert signed_in(user).get("/channels/trials/").status_code == 403
        assert api(user).post("/api/v1/channels/api/test").status_code == 403
    assert signed_in(chen).post("/channels/mailbox-99/test/").status_code == 404
    assert signed_in(chen).get("/channels/api/test/").status_code == 405
    assert api(chen).post("/api/v1/channels/nothing/test").status_code == 404
    assert not Trial.objects.exists()


def test_programs_list_and_try(chen, api):
    client = api(chen)
    found = {one["key"]: one for one in client.get("/api/v1/channels").json()}
    assert set(OWN) <= set(found)
    assert found["api"]["comes"] == "最近登记"
    assert found["portal"]["figures"][0]["address"].startswith("/queue/?")
    said = client.post("/api/v1/channels/counter/test").json()
    assert said["well"] and said["by"] == chen.username
    client.post("/api/v1/channels/api/test")
    listed = client.get("/api/v1/channels/trials?key=counter").json()
    assert [one["id"] for one in listed["items"]] == [said["id"]]
    assert client.get("/api/v1/channels/trials?found=bad").json()["items"] == []


def test_trials_are_found_and_paged(chen, signed_in):
    now = timezone.now()
    Trial.objects.bulk_create(
        Trial(key=f"k{n}", name=f"<b>邮箱{n}", by=chen, at=now, ended_at=now, words="w", well=n > 0)
        for n in range(60)
    )
    page = signed_in(chen)
    text = page.get("/channels/trials/").content.decode()
    assert "<b>邮箱" not in text and "邮箱59" in text and "邮箱0<" not in text
    before = Trial.objects.order_by("-pk")[49].pk
    more = page.get(f"/channels/trials/?before={before}", headers={"HX-Request": "true"})
    assert "邮箱0<" in more.content.decode()
    assert "邮箱0<" in page.get("/channels/trials/?found=bad").content.decode()
    assert "没有符合条件的测试" in page.get("/channels/trials/?q=nothing").content.decode()
    for odd in ("before=x", "found=x", "before=" + "9" * 40, "key=" + "x" * 500):
        assert page.get(f"/channels/trials/?{odd}").status_code == 200


# --- found by index ------------------------------------------------------------------------------


def test_the_last_by_each_door_is_found_by_index(li):
    for _time in range(3):
        register_once(by=li, channel="api", contact=Contact(name="甲"), text="坏了", via=Via.API)
    newest = Intake.objects.filter(via=Via.API).order_by("-pk")[:1]
    stuck = Letter.objects.filter(state=LetterState.FAILED).order_by("-pk")[:1]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_sort = off")
    assert "intakes_by_door" in newest.explain()
    assert "letters_by_state" in stuck.explain()


def test_more_complaints_and_trials_ask_no_more(chen, signed_in, li, django_assert_max_num_queries):
    page = signed_in(chen)
    page.get("/channels/")
    now = timezone.now()
    for key in OWN:
        Trial.objects.bulk_create(
            Trial(key=key, name=key, by=chen, at=now, ended_at=now, well=True) for _n in range(20)
        )
    for via in (Via.PORTAL, Via.API):
        register_once(by=li, channel="api", contact=Contact(name="甲"), text="坏了", via=via)
    with django_assert_max_num_queries(60):
        page.get("/channels/")


def test_tokens_that_end_soon_are_told(manager):
    ApiToken.objects.all().delete()
    assert row(manager, "api").state == "off"
    ApiToken.issue(manager, "店铺")
    assert row(manager, "api").state == "good"
    ApiToken.issue(manager, "旧的", moment.now() + timedelta(days=2))
    assert (row(manager, "api").state, row(manager, "api").words) == ("warn", "1 个令牌 7 天内到期")


def test_the_specimen_is_a_second_of_sound():
    import wave

    with wave.open(BytesIO(listening.specimen())) as sound:
        assert sound.getnframes() == sound.getframerate()


def test_the_address_of_the_outbox_opens_what_was_counted(manager, signed_in):
    now = moment.now()
    for channel, subject in (("email", "电子的"), ("letter", "纸上的")):
        Letter.objects.create(
            purpose="t", recipient="a@b.c", subject=subject, body="b", channel=channel,
            state=LetterState.HELD, next_try_at=now, created_at=now,
        )  # fmt: skip
    figure = next(one for one in row(manager, "outbox").figures if one.label == "留在发件箱")
    assert figure.count == 1
    assert urlsplit(figure.address).path == "/console/letters/"
    text = signed_in(manager).get(figure.address).content.decode()
    assert "电子的" in text and "纸上的" not in text
