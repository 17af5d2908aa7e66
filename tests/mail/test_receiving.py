"""Mails are fetched from a real server: kept first, then flagged; nothing lost, nothing doubled."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command
from django.db import OperationalError, connection

from huiyin.ground import moment
from huiyin.ground.sealing import seal, unseal
from huiyin.journey.channels.mail.actions import connecting, oauth, receiving
from huiyin.journey.channels.mail.actions.receiving import fetch, visit, watch
from huiyin.journey.channels.mail.models import Mail, Mailbox
from huiyin.journey.channels.mail.words import MailState, OnceKept
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.conversation.actions import Undelivered
from tests.mail import imap
from tests.mail.letters import mail
from tests.together import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="module")
def running():
    with imap.server() as server:
        yield server


@pytest.fixture
def server(running):
    """Its inbox is empty at the beginning."""
    client = running.client()
    client.store("1:*", "+FLAGS", "\\Deleted")
    client.expunge()
    client.logout()
    return running


def box_at(port: int, **fields) -> Mailbox:
    fields = {
        "address": imap.USER,
        "imap_host": "127.0.0.1",
        "imap_port": port,
        "imap_security": "none",
        "secret": seal(imap.PASSWORD),
    } | fields
    return Mailbox.objects.create(**fields)


@pytest.fixture
def box(server):
    return box_at(server.port)


def some(count: int, start: int = 0) -> list[bytes]:
    return [mail(f"第{n}件", Message_ID=f"<m{n}@x>") for n in range(start, start + count)]


def test_what_is_new_is_kept_then_flagged(server, box):
    server.deliver(*some(3))
    assert visit(box) == 3
    assert server.unseen() == 0
    first = bytes(Mail.objects.earliest("pk").raw)
    assert first.replace(b"\r\n", b"\n") == some(1)[0]
    box.refresh_from_db()
    assert box.received_ok_at is not None
    assert (box.receive_error, box.last_uid > 0) == ("", True)
    server.deliver(*some(2, 3))
    assert visit(box) == 2
    assert visit(box) == 0
    assert Mail.objects.count() == 5


def test_years_of_old_mail_become_no_complaints(server, box):
    server.deliver(*some(2), seen=True)
    server.deliver(*some(1, 2))
    assert visit(box) == 1
    assert visit(Mailbox.objects.get(pk=box.pk)) == 0


def test_what_somebody_read_in_the_meantime_is_kept_all_the_same(server, box):
    visit(box)
    server.deliver(*some(1), seen=True)
    assert visit(Mailbox.objects.get(pk=box.pk)) == 1


def test_it_is_kept_before_the_server_hears_of_it(server, box, monkeypatch):
    server.deliver(*some(1))

    def told(*_args):
        assert Mail.objects.count() == 1
        raise OSError("the connection breaks just now")

    monkeypatch.setattr(receiving, "_tell_server", told)
    assert visit(box) is None
    assert server.unseen() == 1
    monkeypatch.undo()
    assert visit(Mailbox.objects.get(pk=box.pk)) == 0  # it is here; the server is told now
    assert server.unseen() == 0
    assert Mail.objects.count() == 1


def test_moved_to_a_folder_after_it_is_kept(server):
    client = server.client()
    client.create("Done")
    client.logout()
    box = box_at(server.port, after=OnceKept.MOVE, moved_to="Done")
    server.deliver(*some(2))
    assert visit(box) == 2
    assert (server.count(), server.count("Done")) == (0, 2)
    assert visit(box) == 0


def test_left_as_it_is(server):
    box = box_at(server.port, after=OnceKept.LEAVE)
    server.deliver(*some(2))
    assert (visit(box), server.unseen(), visit(box)) == (2, 2, 0)


def test_numbered_anew_everything_is_looked_at_and_counts_once(server, box):
    from huiyin.journey.channels.mail.actions import arrive_due

    server.deliver(*some(2))
    visit(box)
    arrive_due()
    # As if the server had counted otherwise until now.
    Mail.objects.update(uidvalidity=1)
    Mailbox.objects.filter(pk=box.pk).update(uidvalidity=1)
    assert visit(Mailbox.objects.get(pk=box.pk)) == 2
    arrive_due()
    assert sorted(Mail.objects.values_list("outcome", flat=True)) == [
        *["duplicate"] * 2,
        *["new"] * 2,
    ]
    assert Complaint.objects.count() == 2


def test_too_large_stays_on_the_server_and_is_told(server, box, settings):
    settings.MAIL_LARGEST = 2000
    server.deliver(mail("x" * 5000, Message_ID="<big@x>"), *some(1))
    assert visit(box) == 2
    big = Mail.objects.get(state=MailState.HELD)
    assert "太大" in big.reason
    assert (big.sender, big.subject) == ("zhao@example.net", "电饭煲坏了")
    assert big.size > 5000 > len(bytes(big.raw))
    assert server.unseen() == 1


def test_two_visits_at_once_keep_each_mail_once(server, box):
    server.deliver(*some(8))
    counts = at_once(lambda: fetch(box), lambda: fetch(Mailbox.objects.get(pk=box.pk)))
    assert sum(int(str(one)) for one in counts) == 8
    assert Mail.objects.count() == 8


# -- what is wrong, in a sentence -----------------------------------------------------------------


def failed(box: Mailbox) -> str:
    assert visit(box) is None
    box.refresh_from_db()
    assert box.receive_failed_at is not None
    return box.receive_error


def test_a_wrong_password(server):
    assert "拒绝登录" in failed(box_at(server.port, secret=seal("wrong")))


def test_a_folder_that_is_not_there(server):
    assert "没有文件夹 投诉" in failed(box_at(server.port, folder="投诉"))


def test_nobody_listens():
    assert "拒绝连接" in failed(box_at(imap.free_port()))


def test_unencrypted_only_to_this_machine():
    assert "不加密只能用于本机" in failed(box_at(143, imap_host="mail.example.com"))


def test_a_server_that_says_nothing_is_left(monkeypatch):
    monkeypatch.setattr(connecting, "ANSWER_SECONDS", 0.5)
    with imap.silent() as port:
        assert "没有及时应答" in failed(box_at(port))


def test_a_server_that_drips_is_cut_off(server, box, monkeypatch):
    monkeypatch.setattr(receiving, "VISIT_SECONDS", 0.5)

    def slow(*_args):
        time.sleep(2)
        return 1

    monkeypatch.setattr(receiving, "_validity", slow)
    server.deliver(*some(1))
    assert failed(box)


def test_a_mail_that_the_server_does_not_give_is_tried_again_and_holds_up_none(
    server, box, monkeypatch
):
    visit(box)
    server.deliver(*some(3))
    real = receiving._bytes
    refused: list[int] = []

    def give(box_, uid, wanted):
        if not refused or refused[0] == uid:
            refused[:] = [uid]
            return None
        return real(box_, uid, wanted)

    monkeypatch.setattr(receiving, "_bytes", give)
    box = Mailbox.objects.get(pk=box.pk)
    assert "不交出" in failed(box)
    assert Mail.objects.count() == 2
    monkeypatch.undo()
    assert visit(Mailbox.objects.get(pk=box.pk)) == 1


def certificate(folder, host="127.0.0.1"):
    """A certificate of our own making for this address; nobody has signed it but itself."""
    import ipaddress

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    now = datetime.now(UTC)
    cert = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(host))]), False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(cert.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return folder / "cert.pem", folder / "key.pem"


def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path, monkeypatch):
    cert, key = certificate(tmp_path)
    with imap.server(cert=cert, key=key) as server:
        box = box_at(server.port, imap_security="starttls")
        assert "证书无效" in failed(box)
        monkeypatch.setenv("SSL_CERT_FILE", str(cert))
        assert visit(box) == 0


def test_oauth2_says_the_token_it_was_given(monkeypatch):
    """The exchange goes through the guard of outgoing calls; the token is asked for once."""
    from django.core.cache import cache

    from huiyin.ground.webhooks.actions import posting

    cache.clear()
    asked = []

    def send(method, url, *, headers, body=None):
        asked.append((url, body))
        return posting.Reply(200, b'{"access_token": "tok", "expires_in": 3600}')

    monkeypatch.setattr(posting, "send", send)
    box = box_at(1, login="oauth2", secret=seal("refresh"), oauth_token_url="https://id.example/t")
    assert oauth.access_token(box) == "tok"
    assert oauth.access_token(box) == "tok"
    assert len(asked) == 1
    assert b"refresh_token=refresh" in asked[0][1]


def test_a_token_that_the_provider_renews_is_kept_sealed(monkeypatch):
    """Microsoft and others give a new one at each exchange; the old one soon opens nothing."""
    from django.core.cache import cache

    from huiyin.ground.webhooks.actions import posting

    cache.clear()
    used = []

    def send(method, url, *, headers, body=None):
        used.append(body.partition(b"refresh_token=")[2].partition(b"&")[0])
        said = b'{"access_token": "t%d", "expires_in": 1, "refresh_token": "NEW%d"}'
        return posting.Reply(200, said % (len(used), len(used)))

    monkeypatch.setattr(posting, "send", send)
    box = box_at(1, login="oauth2", secret=seal("OLD"), oauth_token_url="https://id.example/t")
    assert oauth.access_token(box) == "t1"
    kept = Mailbox.objects.get(pk=box.pk)
    assert unseal(kept.secret) == "NEW1" == unseal(box.secret)
    assert "NEW1" not in kept.secret
    cache.clear()
    oauth.access_token(kept)
    assert used == [b"OLD", b"NEW1"]


def test_what_another_worker_renewed_just_now_is_used(monkeypatch):
    """Two exchange at once: the one whose token is spent takes the one that the other got; and what
    an administrator typed meanwhile is not written over."""
    from django.core.cache import cache

    from huiyin.ground.webhooks.actions import posting

    cache.clear()
    box = box_at(1, login="oauth2", secret=seal("OLD"), oauth_token_url="https://id.example/t")

    def send(method, url, *, headers, body=None):
        if b"refresh_token=OLD" in body:
            Mailbox.objects.filter(pk=box.pk).update(secret=seal("OTHER"))
            return posting.Reply(400, b'{"error": "invalid_grant"}')
        return posting.Reply(200, b'{"access_token": "tok", "expires_in": 3600}')

    monkeypatch.setattr(posting, "send", send)
    assert oauth.access_token(box) == "tok"
    assert unseal(Mailbox.objects.get(pk=box.pk).secret) == "OTHER"

    def typed_meanwhile(method, url, *, headers, body=None):
        Mailbox.objects.filter(pk=box.pk).update(secret=seal("TYPED"))
        return posting.Reply(200, b'{"access_token": "tok", "refresh_token": "LATE"}')

    cache.clear()
    monkeypatch.setattr(posting, "send", typed_meanwhile)
    oauth.access_token(Mailbox.objects.get(pk=box.pk))
    assert unseal(Mailbox.objects.get(pk=box.pk).secret) == "TYPED"
    monkeypatch.setattr(posting, "send", lambda *a, **k: posting.Reply(400, b'{"error": "x"}'))
    cache.clear()
    with pytest.raises(Undelivered, match="重新授权"):
        oauth.access_token(Mailbox.objects.get(pk=box.pk))


def test_an_inner_token_address_is_never_called():
    from django.core.cache import cache

    cache.clear()
    box = box_at(1, login="oauth2", oauth_token_url="https://127.0.0.1/token")
    with pytest.raises(Undelivered, match="内部地址"):
        oauth.access_token(box)


# -- all of them ----------------------------------------------------------------------------------


def stop_watching(monkeypatch, seconds=0.0):
    monkeypatch.setattr(receiving, "WATCH_SECONDS", seconds)


def ended() -> None:
    for thread in list(receiving._watched.values()):
        thread.join(timeout=30)
        assert not thread.is_alive()
    receiving._watched.clear()


def test_one_that_hangs_holds_up_no_other(server, box, monkeypatch):
    stop_watching(monkeypatch)
    monkeypatch.setattr(connecting, "ANSWER_SECONDS", 300.0)
    monkeypatch.setattr(receiving, "PATIENCE", 1.0)
    server.deliver(*some(1))
    with imap.silent() as port:
        other = box_at(port, address="other@example.com")
        watch()
        if thread := receiving._watched.get(box.pk):
            thread.join(timeout=60)
        assert Mail.objects.count() == 1
        assert other.pk in receiving._watched  # it hangs still
    ended()  # nobody listens there any more
    assert Mailbox.objects.get(address="other@example.com").receive_error
    assert not Mailbox.objects.get(pk=box.pk).receive_error
    assert Complaint.objects.count() == 1  # at once, not at the next round


def test_of_two_workers_one_watches_a_mailbox(box):
    """Another worker is another connection; when the first is done the second may."""
    held, go = threading.Event(), threading.Event()

    def other() -> None:
        with receiving._alone(box.pk) as mine:
            assert mine
            held.set()
            go.wait(20)
        connection.close()

    thread = threading.Thread(target=other)
    thread.start()
    held.wait(20)
    with receiving._alone(box.pk) as mine:
        assert not mine
    go.set()
    thread.join()
    with receiving._alone(box.pk) as mine:
        assert mine


def test_a_worker_that_died_leaves_its_mailboxes_to_another(box):
    """Its lease ends by itself; as long as it lives it renews it at each round."""
    until = moment.now() + receiving.LEASE
    later = until + timedelta(seconds=1)
    Mailbox.objects.filter(pk=box.pk).update(watched_by=receiving._me(), watched_until=until)
    with receiving._alone(box.pk) as mine:
        assert not mine
    receiving._watched[box.pk] = threading.current_thread()
    with moment.at(later - timedelta(seconds=2)):
        receiving._renew()
    with moment.at(later), receiving._alone(box.pk) as mine:
        assert not mine
    receiving._watched.clear()
    with moment.at(later + receiving.LEASE), receiving._alone(box.pk) as mine:
        assert mine
    assert not receiving._watched


def connections() -> int:
    """Of this database, beside our own."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        return int(cursor.fetchone()[0])


def test_many_that_hang_hold_no_connection_and_leave_room_for_the_others(
    server, box, monkeypatch, settings
):
    """Of thirty mailboxes twenty-nine hang; no more than eight are visited at once."""
    stop_watching(monkeypatch)
    monkeypatch.setattr(connecting, "ANSWER_SECONDS", 3.0)
    monkeypatch.setattr(receiving, "PATIENCE", 1.0)
    settings.MAIL_MOST_WATCHED = 8
    server.deliver(*some(1))
    before, most, seen = connections(), 0, 0
    with imap.silent() as port:
        for n in range(29):
            box_at(port, address=f"u{n}@example.com")
        ends = time.monotonic() + 60
        while time.monotonic() < ends:
            watch()
            most = max(most, len(receiving._watched))
            time.sleep(0.3)  # all of them wait now
            if len(receiving._watched) == 8:
                seen = max(seen, connections() - before)
            if not Mailbox.objects.filter(receive_error="", received_ok_at=None).exists():
                break
        ended()
    assert most == 8
    assert seen <= 2
    assert Complaint.objects.count() == 1
    assert Mailbox.objects.exclude(receive_error="").count() == 29
    told = set(Mailbox.objects.exclude(receive_error="").values_list("receive_error", flat=True))
    assert all("没有及时应答" in one for one in told), told


def test_while_waiting_for_news_no_connection_is_held(server, box, monkeypatch):
    stop_watching(monkeypatch, 300.0)
    with imap.server() as one, imap.line(one.port, most=1000) as line:
        Mailbox.objects.filter(pk=box.pk).update(imap_port=line.port)
        before = connections()
        watch()
        assert line.idles(1)
        assert box.pk in receiving._watched
        assert connections() <= before
        assert Mailbox.objects.get(pk=box.pk).watched_by == receiving._me()
    ended()  # the server is gone
    assert Mailbox.objects.get(pk=box.pk).watched_by == ""


def test_who_failed_comes_behind_the_others_but_comes(box, monkeypatch):
    first, second = box_at(1, address="a@example.com"), box_at(1, address="b@example.com")
    monkeypatch.setattr(receiving, "_begun", {first.pk: 100.0, second.pk: 150.0})
    first.receive_failed_at = moment.now()
    assert [one.pk for one, _stay in receiving._by_turns([first, second])] == [second.pk, first.pk]
    receiving._begun[second.pk] = 500.0
    assert [one.pk for one, _stay in receiving._by_turns([first, second])] == [first.pk, second.pk]


def test_a_database_that_fails_is_told_in_a_sentence(box, monkeypatch):
    def full(*_args, **_more):
        raise OperationalError("FATAL:  sorry, too many clients already")

    monkeypatch.setattr(receiving, "connected", full)
    assert "数据库" in failed(box)
    assert "sorry" not in failed(box)


def _watched_once() -> None:
    watch()
    connection.close()


@pytest.mark.parametrize("most", (1000, 3))
def test_news_are_heard_while_waiting_however_they_drip(box, monkeypatch, most):
    stop_watching(monkeypatch, 300.0)
    thread = threading.Thread(target=_watched_once)
    with imap.server() as one, imap.line(one.port, most=most) as line:
        Mailbox.objects.filter(pk=box.pk).update(imap_port=line.port)
        thread.start()
        for n in range(3):
            assert line.idles(n + 1)
            one.deliver(*some(1, n))
        assert line.idles(4)
        assert Complaint.objects.count() == 3
    thread.join()
    ended()  # the server is gone
    assert Mailbox.objects.get(pk=box.pk).receive_error == ""  # the next visit tells, if it fails


def test_what_comes_before_it_waits_is_not_forgotten(box, monkeypatch):
    """Told while something else was asked: the server tells it no second time."""
    stop_watching(monkeypatch, 300.0)
    take_new = receiving._take_new
    times: list[int] = []

    def and_then_one_comes(*what):
        kept = take_new(*what)
        if not times:
            one.deliver(*some(1))
        times.append(kept)
        return kept

    monkeypatch.setattr(receiving, "_take_new", and_then_one_comes)
    thread = threading.Thread(target=_watched_once)
    with imap.server() as one, imap.line(one.port, most=1000) as line:
        Mailbox.objects.filter(pk=box.pk).update(imap_port=line.port)
        thread.start()
        assert line.idles(1)
        assert times == [0, 1]
    thread.join()
    ended()


def test_the_command_tells_what_became_of_each(server, box, capsys):
    server.deliver(*some(2))
    box_at(imap.free_port(), address="down@example.com")
    call_command("fetch_mail")
    said = capsys.readouterr().out
    assert "service@example.com: 2 kept" in said
    assert "down@example.com: 127.0.0.1" in said
