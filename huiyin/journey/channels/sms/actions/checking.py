"""Nothing secret leaves as a text message."""

from __future__ import annotations

from huiyin.ground.refusal import Invalid
from huiyin.ground.sentence import sentence as _
from huiyin.journey.channels.sms.rules.secrecy import secret_in
from huiyin.journey.complaint.models import Event
from huiyin.journey.complaint.words import Channel
from huiyin.journey.conversation.models import Message


def sentence_of(found: str) -> str:
    return {
        "identity": _("短信里不能有证件号码，请删去或改用其他方式"),
        "card": _("短信里不能有银行卡号，请删去或改用其他方式"),
        "password": _("短信里不能有密码或验证码，请删去"),
    }[found]


def check_reply(event: Event) -> None:
    """Follow a reply that is said or planned: one with a secret in it is not."""
    if event.facts.get("channel") != Channel.SMS or event.facts.get("checked"):
        return
    text = Message.objects.values_list("text", flat=True).get(pk=event.facts["message"])
    if found := secret_in(text):
        sentence = sentence_of(found)
        raise Invalid(sentence, text=sentence)
