"""The link of a survey: it opens one form, once, without signing in.

The token has 256 bits and is made from the house's secret and a salt of its own; the table keeps
the salt and the token's hash, and letters hold only a mark (`seal`) that is filled in while they
are sent. Wrong, used and expired ones are alike: there is no such survey.
"""

from __future__ import annotations

import secrets

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from huiyin.ground import moment
from huiyin.ground.people.models import hashed
from huiyin.journey.complaint.models import Complaint, Event
from huiyin.journey.survey.models import Invitation
from huiyin.journey.survey.words import State, Way

PURPOSE = "survey"


def new_salt() -> str:
    return secrets.token_hex(32)


def token_of(salt: str) -> str:
    """The same token from the same salt, for whoever has the secret of the house."""
    return salted_hmac("huiyin.survey-link", salt, algorithm="sha256").hexdigest()


def address(token: str) -> str:
    return settings.BASE_URL + reverse("portal:survey", args=[token])


def address_of(invitation: Invitation) -> str:
    return address(token_of(invitation.salt))


def seal(invitation: Invitation) -> str:
    """What stands in a letter until it is sent."""
    return f"⟦sealed:{invitation.pk}⟧"


def unsealed(pk: str) -> str:
    """The address for the mark, while the letter is sent; nothing for one that has ended."""
    found = Invitation.objects.alive(moment.now()).filter(pk=int(pk)).first()
    return address_of(found) if found is not None else _("（链接已失效）")


def opened(token: str) -> Invitation | None:
    """The survey of this token, as long as it may be answered."""
    related = Invitation.objects.alive(moment.now()).select_related(
        "version__survey", "complaint__customer", "complaint__team", "complaint__assignee", "survey"
    )
    return related.filter(token_hash=hashed(token)).first()


def invited(complaint: Complaint) -> Invitation | None:
    """What waits for this customer's answer, for the page on which he follows his complaint."""
    alive = Invitation.objects.alive(moment.now())
    return alive.filter(complaint=complaint, complaint__restricted=False).first()


def line_for_letter(event: Event) -> str:
    """The sentence with the link that the letter of a closing ends with; "" when there is none."""
    found = Invitation.objects.alive(moment.now()).filter(event=event, way=Way.LETTER).first()
    if found is None or found.state != State.SENT:
        return ""
    with translation.override(found.language):
        return _("想请您用一分钟评价这次处理：%(link)s") % {"link": seal(found)}
