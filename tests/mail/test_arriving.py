"""What becomes of a mail: one thing only, never lost, never into somebody else's thread."""

from __future__ import annotations

from datetime import timedelta

import pytest

from huiyin.ground import moment
from huiyin.journey.channels.mail.actions import arrive_due, keep
from huiyin.journey.channels.mail.actions.arriving import _taken, arrive
from huiyin.journey.channels.mail.models import Mail, Mailbox, Sending
from huiyin.journey.channels.mail.reading import Read
from huiyin.journey.channels.mail.words import Delivery, MailState, Nature, Outcome, Source
from huiyin.journey.complaint.models import Complaint, Event
from huiyin.journey.complaint.words import Status, What
from huiyin.journey.conversation.models import Evidence, Letter
from huiyin.surface.notices.actions import thank_customer
from tests.mail.letters import bounce, mail, with_file
from tests.together import at_once

pytestmark = pytest.mark.django_db


def thanked(complaint: Complaint) -> int:
    """How many letters follow its receipt."""
    event = Event.objects.get(complaint=complaint, what=What.RECEIVED)
    thank_customer(event)
    thank_customer(event)  # followers may run twice
    return Letter.objects.filter(complaint=complaint, purpose="received").count()


# -- a new complaint ----------------------------------------------------------------------------


def test_a_mail_becomes_a_complaint_of_its_sender(arrived, service):
    kept = arrived(mail("电饭煲买了三天就坏了。\n\n发自我的iPhone"))
    assert (kept.state, kept.outcome, kept.nature) == ("handled", "new", "ordinary")
    complaint = kept.complaint
    assert complaint.text == "电饭煲坏了\n\n电饭煲买了三天就坏了。"
    assert "发自我的iPhone" in kept.text  # nothing is lost: the mail has all
    assert complaint.customer.contact("email") == "zhao@example.net"
    assert complaint.customer.name == "赵敏"
    assert (complaint.channel, complaint.intake.via) == ("email", "mail")
    assert complaint.received_at == kept.received_at  # the Date header starts no clock
    assert kept.message.text == complaint.text
    assert thanked(complaint) == 1


def test_the_sender_adds_nothing_to_the_customer_he_names(arrived, wang_fang):
    kept = arrived(mail(From="坏人 <wf@example.com>"))
    assert kept.complaint.customer == wang_fang
    wang_fang.refresh_from_db()
    assert wang_fang.name == "王芳"


def test_files_become_evidence_or_are_refused_with_a_sentence(arrived):
    kept = arrived(with_file(data=b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n%%EOF\n"))
    (part,) = kept.parts.all()
    assert part.evidence.complaint == kept.complaint
    assert (part.evidence.source, part.evidence.name) == ("customer", "发票.pdf")
    kept = arrived(with_file("坏.exe", b"MZ", "application/x-msdownload", Message_ID="<two@x>"))
    (part,) = kept.parts.all()
    assert part.evidence is None
    assert "类型不支持" in part.refusal
    assert kept.complaint is not None


def test_so_many_files_and_no_more(arrived, settings):
    settings.MAIL_MOST_FILES = 0
    kept = arrived(with_file(data=b"%PDF-1.4\n%%EOF\n"))
    (part,) = kept.parts.all()
    assert (part.evidence, part.refusal) == (None, "附件太多，这个文件留在原邮件里")


def test_little_pictures_of_signatures_are_no_evidence(arrived):
    raw = with_file("logo.png", b"\x89PNG\r\n\x1a\n" + b"x" * 100, "image/png")
    kept = arrived(raw.replace(b"attachment;", b"inline;"))
    (part,) = kept.parts.all()
    assert (part.evidence, part.refusal) == (None, "")
    assert Evidence.objects.count() == 0


# -- threads (V53) ------------------------------------------------------------------------------


def test_the_answer_of_the_recipient_goes_on_in_his_complaint(arrived, written_to):
    complaint, _letter, internet_id = written_to()
    answer = "好的，谢谢。\n\n在 2026年11月23日，客服 <service@example.com> 写道：\n> 您好"
    kept = arrived(mail(answer, From="wf@example.com", In_Reply_To=f"<{internet_id}>"))
    assert (kept.outcome, kept.complaint) == (Outcome.THREADED, complaint)
    assert kept.message.text == "好的，谢谢。"
    assert complaint.events.filter(what=What.CUSTOMER_WROTE).count() == 1
    assert Complaint.objects.count() == 1


def test_a_token_in_the_address_opens_it_too(arrived, written_to):
    complaint, _letter, internet_id = written_to()
    mark = internet_id.partition("@")[0]
    kept = arrived(mail(From="wf@example.com", To=f"service+{mark}@example.com"))
    assert kept.complaint == complaint


def refused(kept: Mail, complaint: Complaint) -> None:
    """It opened nothing, and a person can see what it named."""
    assert kept.outcome == Outcome.NEW
    assert kept.complaint != complaint
    assert kept.suspected == complaint
    assert not complaint.messages.exists()


def test_a_token_of_somebody_else_opens_nothing(arrived, written_to):
    complaint, _letter, internet_id = written_to()
    refused(arrived(mail(From="eve@example.net", In_Reply_To=f"<{internet_id}>")), complaint)


@pytest.mark.parametrize("forge", ["number", "short", "wrong", "other_letter", "cc"])
def test_what_is_guessed_opens_nothing(arrived, written_to, forge):
    complaint, letter, internet_id = written_to()
    mark, _at, domain = internet_id.partition("@")
    head, number, proof = mark.split(".")
    said = {
        "number": {"Subject": f"Re: 关于您的投诉 {complaint.number}"},
        "short": {"In_Reply_To": f"<{head}.{number}.{proof[:20]}@{domain}>"},
        "wrong": {
            "In_Reply_To": f"<{head}.{number}.{proof[:-1]}{'a' if proof[-1] != 'a' else 'b'}@x>"
        },
        "other_letter": {"In_Reply_To": f"<{head}.{letter.pk + 1}.{proof}@{domain}>"},
        "cc": {"Cc": "wf@example.com", "Subject": f"{complaint.number}"},
    }[forge]
    kept = arrived(mail(From="wf@example.com", **said))
    assert kept.outcome == Outcome.NEW
    assert kept.complaint != complaint
    assert not complaint.messages.exists()
    if forge in ("number", "cc", "wrong"):
        assert kept.suspected == complaint


def test_a_message_id_of_ours_without_proof_opens_nothing(arrived, written_to):
    complaint, letter, _internet_id = written_to()
    Sending.objects.filter(letter=letter).update(message_id="plain@example.com")
    refused(arrived(mail(From="wf@example.com", References="<plain@example.com>")), complaint)


def test_an_archived_complaint_is_only_read(arrived, written_to):
    complaint, _letter, internet_id = written_to(status=Status.ARC)
    refused(arrived(mail(From="wf@example.com", In_Reply_To=f"<{internet_id}>")), complaint)


def test_a_sender_that_can_be_read_in_two_ways_is_held(arrived, written_to):
    _complaint, _letter, internet_id = written_to()
    raw = mail(From="wf@example.com", In_Reply_To=f"<{internet_id}>")
    kept = arrived(raw.replace(b"From: wf@example.com", b"From: <wf@example.com>eve@example.net"))
    assert (kept.state, kept.complaint) == (MailState.HELD, None)


def test_control_headers_do_nothing(arrived, make_complaint):
    complaint = make_complaint()
    kept = arrived(mail(X_Huiyin_Complaint=complaint.number, X_Huiyin_Nature="own"))
    assert kept.outcome == Outcome.NEW
    assert kept.suspected is None
    assert "huiyin" not in str(kept.facts["headers"]).lower()


# -- once ---------------------------------------------------------------------------------------


def test_the_same_mail_in_two_of_our_mailboxes_counts_once(arrived):
    other = Mailbox.objects.create(address="help@example.com")
    first = arrived(b"Received: by one\n" + mail())
    second = arrived(b"Received: by two\n" + mail(), mailbox=other)
    assert second.outcome == Outcome.DUPLICATE
    assert second.complaint == first.complaint
    assert Complaint.objects.count() == 1


def test_bytes_without_a_message_id_count_once(arrived):
    arrived(mail(Message_ID=None))
    assert arrived(mail(Message_ID=None)).outcome == Outcome.DUPLICATE
    assert Complaint.objects.count() == 1


def test_a_stranger_with_the_same_message_id_makes_nothing_vanish(arrived):
    arrived(mail(From="eve@example.net", text="空"))
    assert arrived(mail()).outcome == Outcome.NEW
    assert arrived(mail("另一件事：洗衣机漏水。")).outcome == Outcome.NEW


def test_one_mail_of_the_server_is_kept_once(service):
    by = {"source": Source.IMAP, "mailbox": service, "uidvalidity": 1, "uid": 7}
    assert keep(mail(), **by) is not None
    assert keep(mail(), **by) is None
    assert keep(mail(), **by | {"uidvalidity": 2}) is not None


def test_arriving_again_changes_nothing(arrived):
    kept = arrived()
    arrive(kept)
    kept.state = MailState.KEPT
    arrive(kept)
    assert Complaint.objects.count() == 1
    assert arrive_due() == 0


@pytest.mark.django_db(transaction=True)
def test_two_workers_take_different_mails_and_each_once(service):
    for n in range(6):
        keep(mail(Message_ID=f"<{n}@x>", text=f"第{n}件"), source=Source.IMAP, mailbox=service)
    done = at_once(arrive_due, arrive_due)
    assert sum(int(str(one)) for one in done) == 6
    assert Complaint.objects.count() == 6
    assert not Mail.objects.exclude(outcome=Outcome.NEW).exists()


@pytest.mark.django_db(transaction=True)
def test_copies_that_arrive_at_once_are_one_complaint(service):
    for _n in range(4):
        keep(mail(), source=Source.IMAP, mailbox=service)
    at_once(arrive_due, arrive_due, arrive_due)
    assert Complaint.objects.count() == 1
    assert sorted(Mail.objects.values_list("outcome", flat=True)) == ["duplicate"] * 3 + ["new"]


def test_what_is_kept_is_refused_inside_of_another_transaction():
    """It would be told to a server before it is on disk."""
    from django.db import transaction

    with transaction.atomic(), pytest.raises(RuntimeError, match="durable"):
        # pytest's own transaction does not count, ours does
        keep(mail(), source=Source.IMAP)


# -- machines -----------------------------------------------------------------------------------

AUTOMATIC = {
    "vacation": {"Auto_Submitted": "auto-replied", "Subject": "Re: x"},
    "zh": {"Subject": "自动回复：关于您的投诉", "X_Auto_Response_Suppress": "All"},
    "qq": {"Subject": "自动回复: 您好", "Return_Path": "<>"},
    "qq header": {"X_QQ_AUTO_REPLY": "true"},
    "en": {"Subject": "Automatic reply: your complaint", "Auto_Submitted": "auto-generated"},
    "out of office": {"Subject": "Out of Office: away", "Precedence": "bulk"},
    "外出": {"Subject": "外出自动回复", "Return_Path": "<>"},
    "x-autoreply": {"X_Autoreply": "yes"},
    "generated": {"Auto_Submitted": "auto-generated"},
    "list": {"List_Id": "<news.example.com>"},
    "bulk": {"Precedence": "bulk"},
    "junk": {"Precedence": "junk"},
    "newsletter": {"List_Unsubscribe": "<mailto:x@example.com>"},
    "mailer": {"From": "MAILER-DAEMON@example.net"},
    "退信": {"From": "postmaster@qq.com", "Subject": "系统退信"},
    "null": {"Return_Path": "<>"},
    "read": {"Subject": "已读: 关于您的投诉", "Return_Path": "<>"},
    "no-reply": {"From": "no-reply@bank.example"},
    "code": {"From": "a@shop.example", "Subject": "您的验证码是 123456"},
    "code en": {
        "Subject": "Your verification code",
        "text": "It is valid for 5 minutes:\n\n998877",
    },
    "code link": {"Subject": "Reset your password", "text": "https://shop.example/r/1"},
    "spam": {"X_Spam_Flag": "YES"},
    "spam status": {"X_Spam_Status": "Yes, score=9"},
}


@pytest.mark.parametrize("name", AUTOMATIC)
def test_no_automatic_mail_is_ever_answered(arrived, name):
    kept = arrived(mail(**AUTOMATIC[name]))
    assert kept.nature != Nature.ORDINARY
    assert kept.complaint is None
    assert Letter.objects.count() == 0


@pytest.mark.parametrize("name", ["no-reply", "code", "code en", "code link"])
def test_codes_for_accounts_elsewhere_wait_for_a_person(arrived, name):
    kept = arrived(mail(**AUTOMATIC[name]))
    assert (kept.state, kept.nature) == (MailState.HELD, Nature.IDENTITY)


def test_a_mark_of_the_gateway_is_respected(arrived):
    kept = arrived(mail(X_Spam_Flag="YES"))
    assert (kept.state, kept.nature) == (MailState.HELD, Nature.SPAM)


def test_not_every_word_is_a_sign(arrived):
    kept = arrived(
        mail(Auto_Submitted="no", X_Spam_Flag="NO", Subject="退款没有到账，自动回复说三天")
    )
    assert kept.outcome == Outcome.NEW


def test_what_qq_writes_on_ordinary_mails_is_no_mark(arrived):
    """Mails of companies at QQ say so of themselves, whoever they are from."""
    assert arrived(mail(X_QQ_SPAM="true")).outcome == Outcome.NEW


def test_out_of_office_stands_in_the_story(arrived, written_to):
    complaint, _letter, internet_id = written_to()
    away = {"Subject": "外出自动回复", "Auto_Submitted": "auto-replied"}
    arrived(mail(From="wf@example.com", In_Reply_To=f"<{internet_id}>", **away))
    event = complaint.events.get(what=What.AUTO_REPLIED)
    assert event.facts["nature"] == "out_of_office"
    assert not complaint.events.filter(what=What.CUSTOMER_WROTE).exists()


def test_a_forged_out_of_office_stands_nowhere(arrived, written_to):
    complaint, _letter, internet_id = written_to()
    away = {"Subject": "外出自动回复", "Auto_Submitted": "auto-replied"}
    arrived(mail(From="eve@example.net", In_Reply_To=f"<{internet_id}>", **away))
    assert not complaint.events.filter(what=What.AUTO_REPLIED).exists()


def test_a_returned_letter_is_known_as_returned(arrived, written_to):
    complaint, letter, internet_id = written_to()
    kept = arrived(bounce(internet_id))
    assert (kept.nature, kept.outcome, kept.complaint) == ("bounce", "noted", complaint)
    sending = Sending.objects.get(letter=letter)
    assert sending.state == Delivery.RETURNED
    assert "5.1.1" in sending.said
    assert complaint.events.filter(what=What.LETTER_RETURNED).count() == 1
    arrived(bounce(internet_id, status="5.2.2"))
    assert complaint.events.filter(what=What.LETTER_RETURNED).count() == 1


def test_a_delay_is_no_return_and_a_receipt_none(arrived, written_to):
    complaint, letter, internet_id = written_to()
    arrived(bounce(internet_id, action="delayed", status="4.4.1"))
    assert Sending.objects.get(letter=letter).state == Delivery.DELAYED
    kept = arrived(bounce(internet_id, action="delivered", status="2.0.0"))
    assert kept.nature == Nature.RECEIPT
    assert not complaint.events.filter(what=What.LETTER_RETURNED).exists()


def test_a_returned_letter_of_nobody_changes_nothing(arrived, written_to):
    complaint, _letter, internet_id = written_to()
    kept = arrived(bounce("hy." + internet_id[3:].replace(internet_id[6:10], "zzzz", 1)))
    assert kept.outcome == Outcome.NOTED
    assert not complaint.events.filter(what=What.LETTER_RETURNED).exists()


def test_our_own_mail_comes_back(arrived, written_to):
    _complaint, _letter, internet_id = written_to()
    kept = arrived(mail(From="service@example.com", Message_ID=f"<{internet_id}>"))
    assert (kept.nature, kept.outcome) == (Nature.OWN, Outcome.IGNORED)
    kept = arrived(mail(From="Service@example.com", Message_ID="<forged@x>"))
    assert (kept.nature, kept.state) == (Nature.OWN, MailState.HELD)


def test_a_machine_that_marks_nothing_is_answered_once(arrived):
    """Each answer of ours brings a new mail; the storm ends at the first."""
    thanks = 0
    for round_ in range(12):
        kept = arrived(mail(f"感谢来信 {round_}", Message_ID=f"<{round_}@robot>"))
        if kept.complaint:
            thanks += thanked(kept.complaint)
            now = moment.now()
            Letter.objects.filter(sent_at=None).update(sent_at=now, state="sent")
    assert thanks == 1
    assert Complaint.objects.count() <= 4
    assert Mail.objects.filter(state=MailState.HELD).count() >= 8


def test_too_many_in_an_hour_wait_for_a_person(arrived, settings):
    settings.MAIL_MOST_PER_HOUR = 3
    states = [arrived(mail(f"{n}", Message_ID=f"<{n}@x>")).state for n in range(5)]
    assert states == ["handled"] * 3 + ["held"] * 2
    with moment.at(moment.now() + timedelta(hours=2)):
        assert arrived(mail("later", Message_ID="<later@x>")).state == MailState.HANDLED


# -- what cannot be read ------------------------------------------------------------------------


def broken(monkeypatch, **known):
    from huiyin.journey.channels.mail.actions import arriving

    monkeypatch.setattr(arriving, "read", lambda raw, limits: Read(fault="cpu", **known))


def test_twice_unreadable_is_told_to_people_and_nothing_is_lost(arrived, monkeypatch):
    from huiyin.journey.channels.mail.reading import Address

    broken(monkeypatch, sender=Address("zhao@example.net"), subject="慢")
    kept = arrived()
    assert (kept.state, kept.tries, kept.error) == (MailState.KEPT, 1, "cpu")
    assert kept.next_try_at > moment.now()
    with moment.at(moment.now() + timedelta(minutes=2)):
        arrive_due()
    kept.refresh_from_db()
    assert kept.state == MailState.FAILED
    assert "没有能完整读取" in kept.complaint.text
    assert bytes(kept.raw) == mail()


def test_one_that_fails_holds_up_nobody(arrived, service, monkeypatch):
    from huiyin.journey.channels.mail.actions import taking

    real = taking.register

    def fail(mail, *args, **kwargs):
        if mail.subject == "坏":
            raise ValueError("a fault of ours")
        return real(mail, *args, **kwargs)

    monkeypatch.setattr(taking, "register", fail)
    keep(mail(Subject="坏", Message_ID="<bad@x>"), source=Source.IMAP, mailbox=service)
    assert arrived().outcome == Outcome.NEW
    bad = Mail.objects.get(subject="", tries=1)
    assert bad.state == MailState.KEPT
    assert "a fault of ours" in bad.error
    monkeypatch.setattr(taking, "register", real)
    with moment.at(moment.now() + timedelta(minutes=2)):
        arrive_due()
    bad.refresh_from_db()
    assert bad.outcome == Outcome.NEW


def test_for_ever_failing_is_given_to_a_person(arrived, service, monkeypatch):
    from huiyin.journey.channels.mail.actions import taking

    def fail(*_args, **_kwargs):
        raise ValueError("no")

    monkeypatch.setattr(taking, "register", fail)
    kept = arrived()
    for hours in range(1, 7):
        with moment.at(moment.now() + timedelta(hours=hours)):
            arrive_due()
    kept.refresh_from_db()
    assert kept.state == MailState.FAILED


def test_a_worker_that_dies_leaves_its_mail_to_another(service):
    kept = keep(mail(), source=Source.IMAP, mailbox=service)
    assert _taken() == kept
    assert _taken() is None
    with moment.at(moment.now() + timedelta(minutes=4)):
        assert _taken() == kept
