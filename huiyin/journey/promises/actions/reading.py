"""Reading what goes out: which promises stand in it, what is wrong with them. Changes nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.worktime.models import calendar
from huiyin.ground.worktime.rules import due_at
from huiyin.ground.worktime.words import Unit
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import Status
from huiyin.journey.promises import rules
from huiyin.journey.promises.models import Promise, usual_times
from huiyin.journey.promises.words import MONEY, Fault, Origin, PromiseKind, State
from huiyin.journey.resolution.actions import may_promise
from huiyin.journey.resolution.models import Offer
from huiyin.journey.resolution.rules import yuan
from huiyin.journey.resolution.words import OfferState

OFFICE = "office"
TOLD_OF_DONE = (Status.RES, Status.FUV, Status.CLO)  # letters tell what was done
BINDING = (OfferState.OFFERED, OfferState.AGREED, OfferState.EXECUTED)


@dataclass(frozen=True)
class Chip:
    """One promise of a text as the writer sees it before it goes out."""

    found: rules.Detected
    what: str
    due_at: datetime | None
    fault: str = ""
    why: str = ""
    better: str = ""
    authority: str = ""
    waived: bool = False
    known: Promise | None = None  # said before and still owed: no second promise
    by_offer: bool = False  # stands in an option that was decided: its promise is the option's

    @property
    def stops(self) -> bool:
        return bool(self.fault) and not (self.waived or self.by_offer)

    @property
    def label(self) -> str:
        return str(PromiseKind(self.found.kind).label)


def read(
    user: User, complaint: Complaint, text: str, *, waived: Iterable[str] = (), spoken: bool = False
) -> list[Chip]:
    """Every promise in the text with what is wrong with it. `spoken`: it was said already, so it
    cannot be stopped, and the usual time counts where no date was said."""
    found = rules.detect(text, moment.now(), calendar(OFFICE))
    if not found:
        return []
    return _Reading(user, complaint, text, {_bare(one) for one in waived}).chips(found, spoken)


class _Reading:
    """What the complaint knows already is asked once, and only where something was promised."""

    def __init__(self, user: User, complaint: Complaint, text: str, waived: set[str]) -> None:
        self.user, self.complaint, self.text, self.waived = user, complaint, text, waived
        offers = Offer.objects.filter(complaint=complaint, state__in=BINDING)
        self.offers = list(offers.only("wording", "amount_fen", "state", "remedy"))
        self.owed = list(Promise.objects.owed().filter(complaint=complaint))
        said = [p for p in self.owed if p.origin != Origin.OFFER and p.kind in MONEY]
        self.said_fen = sum(p.amount_fen for p in said)  # splitting a sum widens no limit

    def chips(self, found: list[rules.Detected], spoken: bool) -> list[Chip]:
        told = self.complaint.status in TOLD_OF_DONE
        ahead = [one for one in found if rules.is_ahead(one) or not told]
        return [self._chip(one, spoken) for one in ahead]

    def _chip(self, one: rules.Detected, spoken: bool) -> Chip:
        what = _what(one)
        if _bare(one.sentence) in self.waived:
            return Chip(one, what, one.due_at, waived=True)
        if any(_bare(one.sentence) in _bare(offer.wording) for offer in self.offers):
            return Chip(one, what, one.due_at, by_offer=True)
        known = self._known(one)
        due = one.due_at or (known.due_at if known else None)
        authority, beyond = ("", "") if known else self._authority(one)
        if beyond:
            better = rules.after_application(one, what, self._usual_words(PromiseKind.REPLY, one))
            when = due or (self._usual(one.kind) if spoken else None)
            return Chip(one, what, when, Fault.AUTHORITY, beyond, better)
        if due is None:
            usual = self._usual(one.kind)
            better = rules.with_date(self.text, one, self._usual_words(one.kind, one))
            why = _("“%(sentence)s”没有写明什么时候做到") % {"sentence": one.sentence[:40]}
            return Chip(one, what, usual if spoken else None, Fault.NO_DATE, why, better)
        return Chip(one, what, due, authority=authority, known=known)

    def _known(self, one: rules.Detected) -> Promise | None:
        """The promise that this sentence repeats: of the same kind, sum and no nearer date."""
        for given in self.owed:
            same_sum = not one.amount_fen or given.amount_fen == one.amount_fen
            if given.kind != one.kind or not same_sum or given.state != State.OPEN:
                continue
            if one.due_at is None or one.due_at == given.due_at:
                return given
            if given.kind in MONEY and one.due_at > given.due_at:
                return given
        return None

    def _authority(self, one: rules.Detected) -> tuple[str, str]:
        """On whose word; and why it is beyond it, "" when it is not."""
        if one.kind not in MONEY or not (one.amount_fen or one.manifold):
            return "", ""
        if any(offer.amount_fen >= one.amount_fen for offer in self.offers if offer.amount_fen):
            return _("已定方案"), ""
        if one.manifold:
            return "", _("多倍赔偿要由法务、财务和经理会签，请先提出方案")
        asked = one.amount_fen + self.said_fen
        allowed = may_promise(self.user, self.complaint, asked, kind=one.kind)
        if allowed.within:
            self.said_fen += one.amount_fen
            return _("%(name)s 本人权限") % {"name": self.user.name}, ""
        why = _("%(amount)s 超出您的承诺权限（%(limit)s），请先提出方案，批准后再告诉客户")
        return "", why % {"amount": yuan(asked), "limit": yuan(allowed.limit_fen)}

    def _usual(self, kind: str) -> datetime:
        """When this kind is done as a rule: what a better wording proposes."""
        usual = usual_times().get(kind)
        amount, unit = (float(usual.amount), usual.unit) if usual else (3.0, str(Unit.WORK_DAYS))
        works = calendar(OFFICE)
        if unit == Unit.WORK_DAYS:
            return rules.workday_end(moment.now(), int(amount), works)
        return due_at(moment.now(), amount, unit, works).replace(second=0, microsecond=0)  # type: ignore[arg-type]

    def _usual_words(self, kind: str, one: rules.Detected) -> str:
        zone = ZoneInfo(calendar(OFFICE).zone)
        at = self._usual(kind)
        english = one.sentence.isascii()
        return rules.told_in_english(at, zone) if english else rules.told(at, zone)


def _bare(text: str) -> str:
    return "".join(text.split())


def _what(one: rules.Detected) -> str:
    """“退款 58 元”: as the ledger calls it, in the language of the house."""
    with translation.override(settings.LANGUAGE_CODE):
        label = str(PromiseKind(one.kind).label)
        if one.amount_fen:
            return _("%(what)s %(sum)s 元") % {"what": label, "sum": f"{one.amount_fen / 100:g}"}
        return label


def told_due(at: datetime, *, english: bool = False) -> str:
    """12月2日18:00, with 24:00 where it is midnight; for an English sentence 2 December 18:00."""
    zone = ZoneInfo(calendar(OFFICE).zone)
    return rules.told_in_english(at, zone) if english else rules.told(at, zone)
