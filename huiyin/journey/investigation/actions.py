"""Saying what was found."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.refusal import Invalid, Refused
from huiyin.journey.complaint.events import frozen, record
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import What
from huiyin.journey.conversation.actions import said
from huiyin.journey.conversation.models import Evidence
from huiyin.journey.conversation.permissions import can_open_evidence
from huiyin.journey.conversation.rules import place as place_of
from huiyin.journey.investigation import rules
from huiyin.journey.investigation.models import Finding, Proof, Share
from huiyin.journey.investigation.permissions import can_find
from huiyin.journey.investigation.words import Cause, Liability, Party

Shares = Sequence[tuple[str, int]]


@dataclass(frozen=True)
class Support:
    """Which evidence supports which fact, and where in it (03:12–04:05, 第 3 页)."""

    evidence: str  # its uuid
    fact: str
    place: str = ""


@transaction.atomic
def find(
    complaint: Complaint,
    *,
    by: User,
    facts: str,
    cause: str,
    liability: str = "",
    shares: Shares = (),
    whys: Iterable[str] = (),
    recommendation: str = "",
    proofs: Iterable[Support] = (),
) -> Finding:
    """Write down what happened, why, and who answers for it. Another finding replaces none.

    Liability as shares that add up to 100, or as one party; with shares the main one follows.
    """
    can_find.require(by, complaint)
    complaint.hold()
    if not rules.may_be_found(complaint.status):
        raise Refused(_("只有办理中的投诉可以填写核实结论；未签收的请先签收，已结案的请先重开"))
    facts = said(facts, name="facts", most=5000, missing=_("请写明核实到的事实"), least=5)
    if cause not in Cause.values:
        raise Invalid(_("请选择成因"), cause=_("请选择成因"))
    liability = _liability(liability, shares)
    supported = _supported(complaint, by, list(proofs))
    finding = Finding.objects.create(
        complaint=complaint,
        facts=facts,
        cause=cause,
        liability=liability,
        whys=_whys(whys),
        recommendation=said(
            recommendation, name="recommendation", most=rules.LONGEST_RECOMMENDATION
        ),
        by=by,
        at=moment.now(),
    )
    Share.objects.bulk_create(Share(finding=finding, party=p, percent=n) for p, n in shares)
    for proof in supported:
        proof.finding = finding
    Proof.objects.bulk_create(supported)
    record(What.FOUND, complaint, by=by, **_facts(finding, shares))
    return finding


def _liability(liability: str, shares: Shares) -> str:
    """The facet that carries most; Invalid when shares and the one named disagree."""
    if not shares:
        if liability not in Liability.values:
            raise Invalid(_("请选择责任方"), liability=_("请选择责任方"))
        return liability
    sentences = {
        "unknown": _("责任方不在列表里，请重新选择"),
        "twice": _("同一责任方只能填一个比例"),
        "range": _("每个比例填 1 到 100 的整数"),
        "sum": _("责任比例合计应为 100%%，现在是 %(sum)s%%")
        % {"sum": sum(percent for _party, percent in shares)},
    }
    if fault := rules.shares_fault(shares):
        raise Invalid(sentences[fault], shares=sentences[fault])
    main = rules.main_facet(shares)
    if liability and liability != main:
        sentence = _("主要责任方应是比例最大的一方")
        raise Invalid(sentence, liability=sentence)
    return main


def _whys(lines: Iterable[str]) -> list[str]:
    written = rules.whys_of(said(line, name="whys", most=rules.LONGEST_WHY) for line in lines)
    if len(written) > rules.MOST_WHYS:
        sentence = _("最多追问 %(most)s 步") % {"most": rules.MOST_WHYS}
        raise Invalid(sentence, whys=sentence)
    return written


def _supported(complaint: Complaint, by: User, proofs: Sequence[Support]) -> list[Proof]:
    """The proofs of this complaint's own evidence, which the person may open."""
    if len(proofs) > rules.MOST_PROOFS:
        sentence = _("最多列 %(most)s 条证据") % {"most": rules.MOST_PROOFS}
        raise Invalid(sentence, proofs=sentence)
    own = {str(one.uuid): one for one in complaint.evidence.all()} if proofs else {}
    return [_proof(one, own.get(one.evidence), by) for one in proofs]


def _proof(support: Support, evidence: Evidence | None, by: User) -> Proof:
    if evidence is None:
        sentence = _("这份证据不属于这件投诉，请刷新后重选")
        raise Invalid(sentence, proofs=sentence)
    can_open_evidence.require(by, evidence)
    missing = _("请写明“%(name)s”证明了什么") % {"name": evidence.name}
    fact = said(support.fact, name="proofs", most=rules.LONGEST_FACT, missing=missing)
    where = place_of(support.place)
    if where is None:
        sentence = _("位置请写成 03:12、03:12–04:05 或 第 3 页")
        raise Invalid(sentence, proofs=sentence)
    return Proof(evidence=evidence, fact=fact, place=where)


def _facts(finding: Finding, shares: Shares) -> dict[str, object]:
    told: dict[str, object] = {
        "cause": frozen(Cause(finding.cause).label),
        "liability": frozen(Liability(finding.liability).label),
    }
    if shares:
        told["liability"] = " · ".join(f"{frozen(Party(p).label)} {n}%" for p, n in shares)
    return told
