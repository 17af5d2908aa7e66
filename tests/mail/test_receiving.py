"""Mails are fetched from a real server: kept first, then flagged; nothing lost, nothing doubled."""

from __future__ import annotations

import pytest
from django.core.management import call_command

from huiyin.journey.channels.mail.actions import receiving
from huiyin.journey.channels.mail.actions.receiving import fetch, visit
from huiyin.journey.channels.mail.models import Mail, Mailbox
from huiyin.journey.channels.mail.words import MailState, OnceKept
from huiyin.journey.complaint.models import Complaint
from tests.mail import imap
from tests.mail.boxes import box_at, failed, some
from tests.mail.letters import mail
from tests.together import at_once

pytestmark = pytest.mark.django_db(transaction=True)


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


def test_the_command_tells_what_became_of_each(server, box, capsys):
    server.deliver(*some(2))
    box_at(imap.free_port(), address="down@example.com")
    call_command("fetch_mail")
    said = capsys.readouterr().out
    assert "service@example.com: 2 kept" in said
    assert "down@example.com: 127.0.0.1" in said
