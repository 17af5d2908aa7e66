"""Who is signed in at a site: its secret, what its signature proves, and by which door he comes."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction

from huiyin.ground import moment
from huiyin.ground.customers.actions import Contact, find_or_create
from huiyin.ground.customers.models import Customer
from huiyin.ground.people.models import User
from huiyin.journey.channels.chat import identity
from huiyin.journey.channels.chat.models import Site
from huiyin.journey.channels.chat.models.sites import new_salt
from huiyin.journey.channels.chat.permissions import can_manage_sites
from huiyin.journey.channels.chat.words import Ask
from huiyin.journey.intake.words import Via

BOTH_VALID_FOR = timedelta(hours=24)
ASKED = {Ask.NAME: "name", Ask.PHONE: "phone", Ask.EMAIL: "email", Ask.ORDER: "order"}


@transaction.atomic
def renew_secret(site: Site, *, by: User) -> str:
    """A new secret, to be shown once; for a day the one before, if any, is valid too."""
    can_manage_sites.require(by, site)
    kept = Site.objects.select_for_update().get(pk=site.pk)
    site.earlier_salt = kept.salt
    site.earlier_until = moment.now() + BOTH_VALID_FOR if kept.salt else None
    site.salt = new_salt()
    site.save(update_fields=["salt", "earlier_salt", "earlier_until"])
    return site.secret


def drop_earlier(site: Site, *, by: User) -> None:
    """The secret before is valid no more: at once, for instance when it got known."""
    can_manage_sites.require(by, site)
    site.earlier_salt, site.earlier_until = "", None
    site.save(update_fields=["earlier_salt", "earlier_until"])


def revoke(site: Site, *, by: User) -> None:
    """None is valid any more: nobody is taken for whom the site says he is."""
    can_manage_sites.require(by, site)
    site.salt, site.earlier_salt, site.earlier_until = "", "", None
    site.save(update_fields=["salt", "earlier_salt", "earlier_until"])


def vouched(site: Site, sent: object) -> dict[str, str]:
    """What the site has signed a moment ago, as far as it is of use; {} for everything else."""
    told, now = identity.read(sent), moment.now()
    if told is None:
        return {}
    if not identity.is_signed(told, site.secrets(now), site=site.code, now=now.timestamp()):
        return {}
    known = identity.usable(told.parts)
    return {**known, "at": told.at} if known else {}


def prefilled(site: Site, sent: object) -> tuple[bool, dict[str, str]]:
    """(whether the site has signed it, answers to the questions before the chat): what is not
    signed fills the form too, and is then as good as typed."""
    known = vouched(site, sent)
    told = identity.read(sent)
    parts = known or (identity.usable(told.parts) if told is not None else {})
    return bool(known), answers(site, parts)


def answers(site: Site, parts: dict[str, str]) -> dict[str, str]:
    """By the key of each question that these parts answer."""
    asked = {field.key: ASKED.get(Ask(field.ask), "") for field in site.fields.all()}
    return {key: parts[name] for key, name in asked.items() if name in parts}


def door(
    known: dict[str, str], *, name: str, phone: str, email: str
) -> tuple[str, Customer | None]:
    """By which door a complaint of his comes, and whose it is where that is known.

    All that stands there is vouched for by the site: it may become part of his record. Something
    else was typed too: it is his complaint by what is proven, and nothing that was only typed
    reaches the record (V62).
    """
    stands = identity.proven(known, name=name, phone=phone, email=email)
    points = {kind: said for kind, said in stands.items() if kind != "name"}
    if not points:
        return Via.CHAT, None
    if len(stands) == sum(map(bool, (name, phone, email))):
        return Via.CHAT_KNOWN, None
    return Via.CHAT, find_or_create(Contact(name=stands.get("name", ""), **points))
