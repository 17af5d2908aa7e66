"""Held mails, channels, mailboxes, sending again: on the page and over the API."""

from __future__ import annotations

import pytest

from huiyin.ground import moment
from huiyin.ground.refusal import Refused
from huiyin.ground.sealing import seal, unseal
from huiyin.journey.channels.mail.actions import reviewing
from huiyin.journey.channels.mail.models import Mail, Mailbox, Sending, Sign, signs
from huiyin.journey.channels.mail.rules.signs import found
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.conversation import actions as conversation
from huiyin.journey.conversation.models import Letter
from huiyin.journey.conversation.words import LetterState
from huiyin.surface.console.models import ConfigChange
from tests.mail import imap, letters
from tests.mail.servers import PASSWORD, Keeper, free_port, smtp_server
from tests.mail.test_showing import mail_of
from tests.together import at_once

pytestmark = pytest.mark.django_db


def held(**fields):
    fields.setdefault("raw", letters.mail())
    return mail_of(**fields)


# --- held mails -----------------------------------------------------------------------------------


def test_what_is_held_is_listed_found_and_narrowed(chen, signed_in, service):
    for place in range(3):
        held(mailbox=service, nature="list", reason="群发")
        Mail.objects.filter(pk=Mail.objects.latest("pk").pk).update(subject=f"特惠{place}")
    page = signed_in(chen)
    text = page.get("/mail/").content.decode()
    assert all(f"特惠{place}" in text for place in range(3))
    assert "wf@example.com" not in text
    assert "特惠1" in page.get("/mail/?q=特惠1").content.decode()
    assert "特惠2" not in page.get("/mail/?q=特惠1").content.decode()
    assert "特惠1" in page.get(f"/mail/?nature=list&box={service.pk}").content.decode()
    assert "没有符合条件的邮件" in page.get("/mail/?nature=spam").content.decode()
    assert page.get("/mail/?before=x&box=-1&view=none").status_code == 200


def test_the_list_goes_on_by_key(chen, signed_in):
    for _place in range(53):
        held()
    page = signed_in(chen)
    first = page.get("/mail/").content.decode()
    assert first.count("mailrow card") == 50
    before = first.partition("before=")[2].partition('"')[0]
    rest = page.get(f"/mail/?before={before}", headers={"HX-Request": "true"}).content.decode()
    assert rest.count("mailrow card") == 3
    assert "<html" not in rest


def test_a_person_registers_it(chen, signed_in):
    mail = held()
    answer = signed_in(chen).post(f"/mail/{mail.pk}/register/")
    assert answer.status_code == 302
    mail.refresh_from_db()
    assert mail.complaint is not None
    assert mail.decided_by == chen
    assert signed_in(chen).post(f"/mail/{mail.pk}/register/").status_code in (404, 409)


def test_a_person_puts_it_to_a_complaint_that_he_sees(make_complaint, chen, logistics, signed_in):
    own = make_complaint(team=chen.teams.first())
    other = make_complaint(team=logistics, restricted=True)
    mail, page = held(), signed_in(chen)
    for number in (other.number, "TS2026-999999", "'; DROP TABLE", "\x00"):
        answer = page.post(f"/mail/{mail.pk}/thread/", {"number": number})
        assert answer.status_code == 422, number
    assert page.post(f"/mail/{mail.pk}/thread/", {"number": own.number}).status_code == 302
    mail.refresh_from_db()
    assert (mail.complaint, mail.outcome) == (own, "threaded")


def test_it_is_dismissed_with_a_reason_only(chen, signed_in):
    mail, page = held(), signed_in(chen)
    assert page.post(f"/mail/{mail.pk}/dismiss/", {"reason": ""}).status_code == 422
    assert page.post(f"/mail/{mail.pk}/dismiss/", {"reason": "广告"}).status_code == 302
    mail.refresh_from_db()
    assert (mail.state, mail.outcome, mail.reason) == ("handled", "dismissed", "广告")
    assert "广告" in page.get("/mail/?view=settled").content.decode()


def test_it_is_read_again(chen, signed_in):
    mail = held(state="failed")
    signed_in(chen).post(f"/mail/{mail.pk}/again/")
    mail.refresh_from_db()
    assert mail.state == "kept"


def test_one_that_names_a_number_is_looked_at_once(make_complaint, chen, zhou, signed_in):
    named, new = make_complaint(), make_complaint(team=chen.teams.first())
    mail = mail_of(new, suspected=named, state="handled", outcome="new")
    text = signed_in(chen).get("/mail/?view=named").content.decode()
    assert f"/mail/{mail.pk}/" in text
    assert signed_in(chen).post(f"/mail/{mail.pk}/dismiss/").status_code == 302
    with pytest.raises(Refused, match="别人核对过"):
        reviewing.let_stand(mail, by=zhou)


def test_who_does_not_review_gets_in_nowhere(li, signed_in, api):
    mail = held()
    page = signed_in(li)
    for path in ("/mail/", f"/mail/{mail.pk}/"):
        assert page.get(path).status_code == 403
    for verb in ("register", "thread", "dismiss", "again"):
        assert page.post(f"/mail/{mail.pk}/{verb}/").status_code == 403
        body = {"number": "x", "reason": "广告"}
        url = f"/api/v1/mails/{mail.pk}/{verb}"
        assert api(li).post(url, body, content_type="application/json").status_code == 403
    assert api(li).get(f"/api/v1/mails/{mail.pk}").status_code == 404


def test_a_program_does_the_same(make_complaint, chen, api):
    own = make_complaint(team=chen.teams.first())
    first, second, third, fourth = (held() for _place in range(4))
    caller = api(chen)

    def ask(mail, verb, **body):
        url = f"/api/v1/mails/{mail.pk}/{verb}"
        return caller.post(url, body, content_type="application/json")

    listed = caller.get("/api/v1/mails").json()
    assert len(listed["items"]) == 4
    assert listed["items"][0]["sender"] == "w***@example.com"
    Mail.objects.filter(pk=second.pk).update(raw=letters.mail(Message_ID="<two@example.net>"))
    assert Complaint.objects.filter(number=ask(first, "register").json()["number"]).exists()
    assert ask(second, "thread", number=own.number).json()["number"] == own.number
    assert ask(third, "dismiss", reason="广告").json()["outcome"] == "dismissed"
    assert ask(third, "dismiss", reason="").status_code == 409
    assert ask(fourth, "again").json()["state"] == "kept"
    html = caller.get(f"/api/v1/mails/{fourth.pk}/html")
    assert "sandbox" in html["Content-Security-Policy"]


@pytest.mark.django_db(transaction=True)
def test_two_decide_at_once_and_one_is_refused(chen, zhou):
    from huiyin.journey.channels.mail.actions import deciding

    mail = held()
    results = at_once(
        lambda: deciding.dismiss(Mail.objects.get(pk=mail.pk), by=chen, reason="广告"),
        lambda: deciding.register(Mail.objects.get(pk=mail.pk), by=zhou),
    )
    assert sum(isinstance(one, Refused) for one in results) == 1


# --- sending again --------------------------------------------------------------------------------


def returned(complaint, by):
    message = conversation.reply(complaint, by=by, text="您好", channel="email")
    letter = Letter.objects.get(message=message)
    Letter.objects.filter(pk=letter.pk).update(state=LetterState.SENT)
    now = moment.now()
    Sending.objects.create(
        letter=letter, message_id="<x@y>", state="returned", said="550", at=now, changed_at=now
    )
    return message


def test_what_came_back_is_sent_again_to_another_address(make_complaint, li, sun, signed_in, api):
    complaint = make_complaint(assignee=li)
    message = returned(complaint, li)
    page, url = signed_in(li), f"/complaints/{complaint.number}/messages/{message.pk}/resend/"
    story = page.get(f"/complaints/{complaint.number}/story/").content.decode()
    assert "退信" in story
    assert "550" in story
    other = complaint.customer.contact_points.create(
        kind="email", value="new@example.com", shown="new@example.com"
    )
    form = page.get(url).content.decode()
    assert "new@example.com" not in form  # masked
    stranger = make_complaint().customer.contact_points.first()
    assert page.post(url, {"point": stranger.pk + 10_000}).status_code == 422
    assert signed_in(sun).post(url).status_code == 404
    assert page.post(url, {"point": other.pk}).status_code == 204
    letter = Letter.objects.get(message=message)
    assert (letter.state, letter.recipient) == (LetterState.QUEUED, "new@example.com")
    assert page.post(url).status_code == 409  # it waits already
    keeper = Keeper()
    with smtp_server(keeper) as port:
        Mailbox.objects.create(
            address="a@example.com", smtp_host="127.0.0.1", smtp_port=port, smtp_security="none"
        )
        conversation.send_due_letters()
    assert keeper.mails[0][1] == ["new@example.com"]
    assert Sending.objects.get().state == "accepted"
    body = {"point": None}
    api_url = f"/api/v1/complaints/{complaint.number}/messages/{message.pk}/resend"
    assert api(li).post(api_url, body, content_type="application/json").status_code == 409


def test_what_arrived_is_not_sent_again(make_complaint, li):
    message = returned(make_complaint(assignee=li), li)
    Sending.objects.update(state="delivered")
    with pytest.raises(Refused, match="没有退回"):
        conversation.resend(message, by=li)


# --- mailboxes and channels -----------------------------------------------------------------------

BOX = {
    "address": "kefu@example.com",
    "name": "客服",
    "enabled": "on",
    "imap_port": "993",
    "imap_security": "tls",
    "smtp_host": "127.0.0.1",
    "smtp_security": "none",
    "folder": "INBOX",
    "after": "seen",
    "login": "password",
    "username": "kefu",
}


def test_a_sign_is_added_in_the_console_and_counts_at_once(admin, li, signed_in):
    page = signed_in(admin)
    typed = {
        "kind": "spam",
        "header": "X-Gateway-Verdict",
        "pattern": "junk*",
        "source": "网关手册",
    }
    assert page.post("/console/mail-signs/new/", typed).status_code == 302
    made = Sign.objects.get(header="x-gateway-verdict")
    assert found(signs(), "spam", {"x-gateway-verdict": ["Junk; score=9"]})
    page.post("/console/mail-signs/new/", typed)
    assert Sign.objects.filter(header="x-gateway-verdict").count() == 1
    told = page.post("/console/mail-signs/new/", {**typed, "pattern": " ** "}).content.decode()
    assert "所有邮件都符合" in told
    assert signed_in(li).get(f"/console/mail-signs/{made.pk}/").status_code == 403
    Sign.objects.filter(pk=made.pk).update(enabled=False)
    signs.forget()
    assert not found(signs(), "spam", {"x-gateway-verdict": ["Junk; score=9"]})


def test_a_mailbox_is_set_up_and_its_password_never_shown(admin, signed_in, api):
    page = signed_in(admin)
    secret = "Kanarienvogel-9!"
    typed = {**BOX, "smtp_port": str(free_port()), "new_secret": secret, "new_dkim_key": ""}
    answer = page.post("/console/mailboxes/new/", typed)
    assert answer.status_code == 302, answer.content.decode()[-3000:]
    box = Mailbox.objects.get()
    assert unseal(box.secret) == secret
    assert secret not in box.secret
    text = page.get(f"/console/mailboxes/{box.pk}/").content.decode()
    assert secret not in text
    assert box.secret not in text
    assert "留空保持不变" in text
    seen = text.partition('name="seen" value="')[2].partition('"')[0]
    page.post(f"/console/mailboxes/{box.pk}/", {**typed, "new_secret": "", "seen": seen})
    box.refresh_from_db()
    assert unseal(box.secret) == secret  # empty keeps it
    page.post(f"/console/mailboxes/{box.pk}/", {**typed, "new_secret": "other", "seen": seen})
    box.refresh_from_db()
    assert unseal(box.secret) == "other"
    told = str(list(ConfigChange.objects.values_list("changes", flat=True)))
    assert "密码" in told  # that it was changed
    assert "other" not in told
    assert secret not in told
    answer = api(admin).get("/api/v1/mailboxes").content.decode()
    assert secret not in answer
    assert box.secret not in answer
    assert '"has_secret": true' in answer


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("smtp_host", "mail.example.com", "不加密只能用于本机"),
        ("smtp_host", "", "至少填一个"),
        ("after", "move", "移到哪个文件夹"),
        ("login", "oauth2", "令牌地址"),
        ("new_dkim_key", "not a key", "PEM"),
        ("smtp_port", "99999", ""),
        ("address", "no address", ""),
    ],
)
def test_a_mailbox_that_cannot_work_is_refused_with_a_sentence(
    admin, signed_in, field, value, said
):
    typed = {**BOX, "smtp_port": "25", field: value}
    answer = signed_in(admin).post("/console/mailboxes/new/", typed)
    assert answer.status_code in (200, 422)
    assert said in answer.content.decode()
    assert not Mailbox.objects.exists()


def test_a_program_sets_up_a_mailbox(admin, chen, api, after_sales):
    body = {
        "address": "kefu@example.com",
        "smtp_host": "127.0.0.1",
        "smtp_port": 25,
        "smtp_security": "none",
        "team": "aftersales",
        "secret": "s3cret",
    }

    def ask(user, method, path, data):
        return getattr(api(user), method)(path, data, content_type="application/json")

    made = ask(admin, "post", "/api/v1/mailboxes", body)
    assert made.status_code == 201, made.content
    box = Mailbox.objects.get()
    assert (box.team, unseal(box.secret)) == (after_sales, "s3cret")
    changed = ask(admin, "put", f"/api/v1/mailboxes/{box.pk}", {**body, "secret": "", "name": "新"})
    assert changed.json()["name"] == "新"
    box.refresh_from_db()
    assert unseal(box.secret) == "s3cret"
    assert ask(admin, "post", "/api/v1/mailboxes", body).status_code == 422  # there already
    far = {**body, "address": "b@example.com", "smtp_host": "mail.example.com"}
    assert ask(admin, "post", "/api/v1/mailboxes", far).status_code == 422
    bad = {**body, "address": "c@example.com", "team": "none"}
    assert ask(admin, "post", "/api/v1/mailboxes", bad).status_code == 422
    assert ask(chen, "post", "/api/v1/mailboxes", body).status_code == 403
    history = ConfigChange.objects.filter(section="mailboxes", subject_id=str(box.pk))
    told = list(history.order_by("pk").values_list("did", "by__username"))
    assert told == [("created", "admin"), ("changed", "admin")]  # and what was refused left none
    last = history.latest("pk")
    assert last.changes == [{"field": "显示名称", "before": "", "after": "新"}]
    assert ask(admin, "put", f"/api/v1/mailboxes/{box.pk}", {**body, "secret": "n3w"}).json()
    kept = str(list(ConfigChange.objects.values_list("changes", flat=True)))
    assert "s3cret" not in kept and "n3w" not in kept and "已设置" in kept


@pytest.mark.parametrize(
    ("field", "value"),
    [("smtp_host", ""), ("after", "move"), ("login", "oauth2"), ("dkim_key", "not a key")],
)
def test_a_program_is_told_what_cannot_work_as_a_person_is(admin, api, field, value):
    body = {"address": "a@example.com", "smtp_host": "127.0.0.1", "smtp_security": "none"}
    answer = api(admin).post("/api/v1/mailboxes", {**body, field: value}, "application/json")
    assert answer.status_code == 422
    assert not Mailbox.objects.exists() and not ConfigChange.objects.exists()


def test_a_test_says_what_is_wrong(admin, chen, li, signed_in, api):
    box = Mailbox.objects.create(
        address="a@example.com",
        smtp_host="127.0.0.1",
        smtp_port=free_port(),
        smtp_security="none",
    )
    url = f"/channels/mailbox-{box.pk}/test/"
    assert "拒绝连接" in signed_in(chen).post(url).content.decode()
    box.refresh_from_db()
    assert "拒绝连接" in box.send_error
    answer = signed_in(admin).post(f"/console/mailboxes/{box.pk}/acts/test/", follow=True)
    assert "拒绝连接" in answer.content.decode()
    Mailbox.objects.filter(pk=box.pk).update(smtp_host="no-such-host.invalid", smtp_security="tls")
    assert "找不到服务器" in signed_in(chen).post(url).content.decode()
    assert signed_in(li).post(url).status_code == 403
    keeper = Keeper()
    with smtp_server(keeper, users={"kefu": PASSWORD}) as port:
        right = {"username": "kefu", "secret": seal(PASSWORD)}
        Mailbox.objects.filter(pk=box.pk).update(
            smtp_host="127.0.0.1", smtp_port=port, smtp_security="none", **right
        )
        assert "登录正常" in signed_in(chen).post(url).content.decode()
        Mailbox.objects.filter(pk=box.pk).update(secret=seal("wrong"))
        said = api(chen).post(f"/api/v1/mailboxes/{box.pk}/test").json()
    assert "拒绝登录" in said["sending"]
    assert said["receiving"] is None
    assert keeper.mails == []


def test_a_test_tries_to_fetch_too(chen, signed_in):
    with imap.server() as running:
        box = Mailbox.objects.create(
            address=imap.USER,
            imap_host="127.0.0.1",
            imap_port=running.port,
            imap_security="none",
            secret=seal(imap.PASSWORD),
        )
        url, page = f"/channels/mailbox-{box.pk}/test/", signed_in(chen)
        assert "收信服务器连接和登录正常" in page.post(url).content.decode()
        Mailbox.objects.filter(pk=box.pk).update(folder="Nowhere")
        assert "没有文件夹 Nowhere" in page.post(url).content.decode()
        Mailbox.objects.filter(pk=box.pk).update(folder="INBOX", secret=seal("wrong"))
        said = page.post(url).content.decode()
    assert "拒绝登录" in said
    assert "wrong" not in said


def test_the_page_of_channels_tells_of_each(admin, chen, li, signed_in, api, service, settings):
    settings.EMAIL_HOST = ""
    Mailbox.objects.filter(pk=service.pk).update(receive_error="拒绝登录")
    Letter.objects.create(
        purpose="t",
        recipient="a@b.c",
        subject="s",
        body="b",
        state=LetterState.FAILED,
        next_try_at=moment.now(),
        created_at=moment.now(),
    )
    held(mailbox=service)
    text = signed_in(chen).get("/channels/").content.decode()
    assert "service@example.com" in text
    assert "拒绝登录" in text
    assert "/console/letters/?state=failed" in text
    assert f"/mail/?box={service.pk}" in text
    assert "service@example.com" in signed_in(admin).get("/channels/?state=bad").content.decode()
    empty = signed_in(admin).get("/channels/?q=nothing").content.decode()
    assert "没有符合条件的渠道" in empty
    assert signed_in(li).get("/channels/").status_code == 403
    rows = {one["name"]: one for one in api(chen).get("/api/v1/channels").json()}
    assert rows["service@example.com"]["state"] == "bad"
    assert rows["发件箱"]["state"] == "bad"
    assert api(li).get("/api/v1/channels").status_code == 403


def test_the_page_of_channels_asks_no_more_for_more_mailboxes(
    chen, signed_in, django_assert_max_num_queries
):
    for place in range(30):
        Mailbox.objects.create(address=f"box{place}@example.com", imap_host="127.0.0.1")
    page = signed_in(chen)
    page.get("/channels/")
    with django_assert_max_num_queries(60):  # of all channels together
        page.get("/channels/")
    for _place in range(30):
        held()
    with django_assert_max_num_queries(22):
        page.get("/mail/")
