"""What a customer is told unasked when something agreed will be done later than he knows."""

from __future__ import annotations

from datetime import timedelta

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.ground.people.models import User
from huiyin.journey.callbacks import actions as callbacks
from huiyin.journey.callbacks.words import CallbackKind
from huiyin.journey.complaint.events import frozen
from huiyin.journey.complaint.models import Event
from huiyin.journey.complaint.words import Channel, Status
from huiyin.journey.conversation.actions import reply
from huiyin.journey.conversation.ways import by_machine
from huiyin.surface.notices.actions import _values
from huiyin.surface.notices.models import LetterTemplate
from huiyin.surface.notices.rules import filled

CODE = "step_late"
LATE = "late:"  # what the calls about a delay are asked by
SPOKEN = (Channel.PHONE, Channel.WALKIN, Channel.LETTER)


def tell_customer(event: Event) -> None:
    """Follow a delay, in its transaction: by mail where he has an address, else where he follows
    the matter; who came by phone and left no address is called too."""
    template = LetterTemplate.objects.filter(code=CODE, enabled=True).first()
    complaint = event.complaint
    if template is None or complaint.status == Status.ARC:
        return
    english = complaint.customer.language == "en" and bool(template.body_en)
    language = "en" if english else "zh-hans"
    with translation.override(language):
        reason = str(event.facts.get("reason", "")) or _("经办环节还没有完成")
        values = _values(complaint, language) | {
            "due": str(event.facts.get("note", "")),
            "reason": reason.rstrip("。."),
        }
    channel = by_machine(complaint)
    reply(
        complaint,
        by=User.objects.system(),
        text=filled(template.body_en if english else template.body_zh, values),
        channel=channel,
        fixed=True,
    )
    if channel == Channel.PORTAL and complaint.channel in SPOKEN:
        callbacks.ask(
            complaint,
            kind=CallbackKind.PROMISE,
            reason=frozen(gettext_lazy("告知办理延后到 %(day)s"))
            % {"day": event.facts.get("note", "")},
            due_at=event.at + timedelta(days=1),
            by=User.objects.system(),
            source=f"{LATE}{event.facts.get('execution', '')}",
        )


def call_no_more(event: Event) -> None:
    """Follow the execution: nobody need be told of a delay that is over. May run twice."""
    for call in event.complaint.callbacks.open().filter(source__startswith=LATE):
        reason = frozen(gettext_lazy("已经办好"))
        callbacks.cancel(call, by=User.objects.system(), reason=reason)
