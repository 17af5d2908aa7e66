"""A signed link: the customer chooses for himself, without an account, once.

The token has 256 bits and is made from the house's secret and a salt of its own; the table keeps
the salt and the token's hash, so who reads the database cannot open a link, and the letter in the
outbox holds only a mark (`seal`) that is filled in while it is sent.
"""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from huiyin.ground import moment
from huiyin.ground.people.models import User, hashed
from huiyin.ground.refusal import Invalid, Refused
from huiyin.journey.complaint.events import frozen, record
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import Status, What
from huiyin.journey.consent import rules
from huiyin.journey.consent.models import ConsentLink
from huiyin.journey.consent.permissions import can_ask
from huiyin.journey.conversation.actions import post_letter
from huiyin.journey.conversation.ways import Way, reaching
from huiyin.journey.resolution import actions as resolution
from huiyin.journey.resolution.models import Offer
from huiyin.journey.resolution.words import OfferState

PURPOSE = "consent_link"
LONGEST_LETTER = 350  # characters with the link in it; a text message takes so much


def options(complaint: Complaint) -> list[Offer]:
    """What the customer can choose from now: the open options of the newest round."""
    if complaint.status != Status.EXE:
        return []
    return [one for one in resolution.current_round(complaint) if one.state == OfferState.OFFERED]


@transaction.atomic
def send(
    complaint: Complaint, *, by: User, sends: bool = True, days: int = 7
) -> tuple[ConsentLink, str]:
    """Ask the customer to choose; the second value is the link's address, to be shown once.

    `sends`: by the way that reaches the customer (mail, text message, …); else whoever asks hands
    it over. A link made before for the same complaint ends.
    """
    can_ask.require(by, complaint)
    complaint.hold()
    offers = options(complaint)
    if not offers:
        raise Refused(_("现在没有等客户答复的方案，请刷新查看最新进展"))
    if days not in rules.LINK_DAYS:
        raise Invalid(_("请选择链接的有效期"), days=_("请选择链接的有效期"))
    way = reaching(complaint, LONGEST_LETTER) if sends else None
    if sends and way is None:
        sentence = _("现在没有能送达这位客户的方式；请只生成链接，用客户常用的方式发给他")
        raise Invalid(sentence, sends=sentence)
    now, salt = moment.now(), secrets.token_hex(32)
    token = token_of(salt)
    complaint.consent_links.filter(revoked_at=None, answered_at=None).update(revoked_at=now)
    link = ConsentLink.objects.create(
        complaint=complaint,
        round=offers[0].round,
        token_hash=hashed(token),
        salt=salt,
        language="en" if complaint.customer.language == "en" else "zh-hans",
        mailed=way is not None,
        by=by,
        at=now,
        expires_at=now + timedelta(days=days),
    )
    told = way.label if way is not None else _("由处理人转交")
    record(What.CONSENT_SENT, complaint, by=by, note=frozen(told), round=link.round)
    if way is not None:
        _post(link, way)
    return link, address_of(token)


def token_of(salt: str) -> str:
    """The same token from the same salt, for whoever has the secret of the house."""
    digest = salted_hmac("huiyin.consent-link", salt, algorithm="sha256").digest()
    return "".join(f"{byte:02x}" for byte in digest)


def address_of(token: str) -> str:
    return settings.BASE_URL + reverse("portal:offer", args=[token])


def seal(link: ConsentLink) -> str:
    """What stands in the letter until it is sent."""
    return f"⟦sealed:{link.pk}⟧"


def unsealed(pk: str) -> str:
    """The address for the mark, while the letter is sent; nothing for a link that has ended."""
    link = ConsentLink.objects.alive(moment.now()).filter(pk=int(pk)).first()
    return address_of(token_of(link.salt)) if link is not None else _("（链接已失效）")


def _post(link: ConsentLink, way: Way) -> None:
    """Number, limit and link: what was offered stands behind the link."""
    with translation.override(link.language):
        until = timezone.localtime(link.expires_at).strftime("%Y-%m-%d %H:%M")
        number = link.complaint.number
        lines = (
            _("您好："),
            _("关于您的投诉 %(number)s，我们有了解决办法，请您看看是否同意。") % {"number": number},
            _("请打开下面的链接，可以同意、不同意，或请我们再和您谈谈，不需要账号："),
            seal(link),
            _("链接在 %(until)s 前有效，只能答复一次，请不要转给别人。") % {"until": until},
            settings.ORGANISATION,
        )
        post_letter(
            link.complaint,
            event=None,
            purpose=PURPOSE,
            recipient=way.recipient,
            channel=way.value,
            subject=_("请确认解决办法：%(number)s") % {"number": number},
            body="\n\n".join(lines),
        )


@transaction.atomic
def revoke(link: ConsentLink, *, by: User) -> None:
    """From now on the link opens nothing. Twice is once."""
    can_ask.require(by, link.complaint)
    ConsentLink.objects.filter(pk=link.pk, revoked_at=None).update(revoked_at=moment.now())


def opened(token: str) -> ConsentLink | None:
    """The link of this token, as long as it lives; wrong, ended and revoked ones alike None."""
    alive = ConsentLink.objects.alive(moment.now()).select_related(
        "complaint__customer", "complaint__assignee", "complaint__team"
    )
    return alive.filter(token_hash=hashed(token)).first()


def state_of(link: ConsentLink) -> str:
    """open, answered, updated: a newer round makes an old link say so."""
    found = resolution.current_round(link.complaint)
    return rules.link_state(
        answered=link.answered_at is not None,
        of_round=link.round,
        newest=found[0].round if found else 0,
        open_offers=[one.pk for one in options(link.complaint)],
    )
