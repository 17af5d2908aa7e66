"""The case file (卷宗): everything on record about one complaint, in blocks to be printed.

What the reader may not open is told as being there, without its name. Personal data is masked by
`mask`, unless it was asked for with a reason.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from huiyin.ground.people.models import User
from huiyin.journey.closure import actions as closure
from huiyin.journey.closure.models import Closing, Feedback, Mediation, Seal, Visit
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import What
from huiyin.journey.consent.models import Consent
from huiyin.journey.conversation.permissions import can_open_evidence
from huiyin.journey.execution.models import Step
from huiyin.journey.improvement.models import Improvement
from huiyin.journey.investigation.models import Finding
from huiyin.journey.investigation.shown import bar, proofs_for
from huiyin.journey.promises.models import Promise
from huiyin.journey.resolution.models import Offer
from huiyin.surface.dossier.follow_up import Mask, form, moment_of
from huiyin.surface.dossier.paper import Block, Facts, Heading, Note, Said, Table
from huiyin.surface.workbench.story import SPOKEN, sentence

BATCH = 500


def follow_up(complaint: Complaint, mask: Mask, contact: str) -> list[Block]:
    """The follow-up form alone."""
    told = form(complaint, mask, contact)
    blocks: list[Block] = [Note(_("符合 ISO 10002 指南的跟进表"))]
    for title, rows in told.blocks:
        blocks += [Heading(title), Facts(rows)]
    head = (_("里程碑"), _("日期"), _("姓名"), _("备注"))
    blocks += [Heading(_("7 跟踪")), Table(head, told.milestones, (0.2, 0.2, 0.15, 0.45))]
    return blocks


def case(complaint: Complaint, reader: User, mask: Mask, contact: str) -> list[Block]:
    """Story, findings, evidence, options, consent, promises, closing, seal."""
    blocks: list[Block] = follow_up(complaint, mask, contact)
    for part in (
        _findings(complaint, reader, mask),
        _offers(complaint, mask),
        _consents(complaint, reader, mask),
        _steps(complaint, mask),
        _promises(complaint, mask),
        _ending(complaint, mask),
        _improvements(complaint, reader),
        _evidence(complaint, reader, mask),
        _story(complaint, mask),
        _seal(complaint),
    ):
        blocks += list(part)
    return blocks


def _findings(complaint: Complaint, reader: User, mask: Mask) -> Iterator[Block]:
    found = Finding.objects.filter(complaint=complaint).select_related("by")
    last = found.prefetch_related("shares", "proofs__evidence__complaint").first()
    if last is None:
        return
    shares = "；".join(f"{piece.label} {piece.percent}%" for piece in bar(last))
    proofs = "\n".join(
        f"{one.fact} — {name}{' ' + one.place if one.place else ''}"
        for one, name in proofs_for(last, reader)
    )
    yield Heading(_("核实结论"))
    yield Facts(
        [
            (_("事实"), mask(last.facts)),
            (_("成因"), str(last.get_cause_display())),
            (_("责任"), shares or str(last.get_liability_display())),
            (_("追问五个为什么"), mask("\n".join(last.whys))),
            (_("建议"), mask(last.recommendation)),
            (_("证据"), mask(proofs)),
            (_("核实"), f"{last.by.shown_name} · {moment_of(last.at)}"),
        ]
    )


def _yuan(fen: int | None) -> str:
    return f"¥{fen / 100:,.2f}" if fen else ""


def _offers(complaint: Complaint, mask: Mask) -> Iterator[Block]:
    """Every round with every option: basis, calculation, decision, answer."""
    offers = Offer.objects.filter(complaint=complaint).select_related("remedy", "by", "decided_by")
    for at, one in enumerate(offers.order_by("pk")):
        if at == 0:
            yield Heading(_("方案"))
        place = _("第 %(round)s 轮 · 选项 %(choice)s") % {"round": one.round, "choice": one.choice}
        title = " · ".join(filter(None, (place, one.remedy.name, _yuan(one.amount_fen))))
        yield Said(f"{title} · {one.get_state_display()} · {one.by.shown_name} {moment_of(one.at)}")
        counted = "\n".join(_step(line) for line in one.calculation if isinstance(line, dict))
        decided = (
            f"{one.decided_by.shown_name} · {moment_of(one.decided_at)} {one.decision_note}"
            if one.decided_by
            else ""
        )
        answered = f"{moment_of(one.answered_at)} {one.answer_note}" if one.answered_at else ""
        done = f"{moment_of(one.executed_at)} {_yuan(one.paid_fen)} {one.proof}"
        yield _filled(
            [
                (_("依据"), one.basis),
                (_("给客户的说法"), mask(one.wording)),
                (_("计算"), counted),
                (_("审批"), mask(decided)),
                (_("客户答复"), mask(answered)),
                (_("执行"), mask(done) if one.executed_at else ""),
            ]
        )


def _step(line: dict[str, Any]) -> str:
    told = f"{line.get('label', '')} {line.get('value', '')}".strip()
    return f"{told}（{line['source']}）" if line.get("source") else told


def _filled(rows: list[tuple[str, str]]) -> Facts:
    return Facts([(label, value) for label, value in rows if value.strip()])


def _consents(complaint: Complaint, reader: User, mask: Mask) -> Iterator[Block]:
    found = Consent.objects.filter(complaint=complaint).select_related(
        "offer__remedy", "evidence__complaint", "by", "withdrawn_by"
    )
    rows = []
    for one in found.order_by("pk"):
        where = ""
        if one.evidence is not None:
            may = can_open_evidence(reader, one.evidence)
            where = f"{one.evidence.name if may else _('敏感证据')} {one.place}"
        gone = f"{_('撤回')} {moment_of(one.withdrawn_at)} {one.withdrawal}"
        rows.append(
            (
                f"{one.offer.remedy.name} {_yuan(one.offer.amount_fen)}",
                str(one.get_how_display()),
                mask(" ".join(filter(None, (one.words, where)))),
                f"{one.by.shown_name} {moment_of(one.at)} {gone if one.withdrawn_at else ''}",
            )
        )
    if rows:
        yield Heading(_("客户确认"))
        head = (_("方案"), _("方式"), _("原话或证据"), _("登记"))
        yield Table(head, rows, (0.22, 0.16, 0.34, 0.28))


def _steps(complaint: Complaint, mask: Mask) -> Iterator[Block]:
    found = Step.objects.filter(complaint=complaint).select_related("department", "done_by")
    rows = [
        (
            one.what_zh,
            one.department.shown_name if one.department else str(one.get_doer_display()),
            str(one.get_state_display()),
            mask(" ".join(filter(None, (moment_of(one.done_at), _yuan(one.paid_fen), one.proof)))),
        )
        for one in found.order_by("offer", "position", "pk")
    ]
    if rows:
        yield Heading(_("执行"))
        head = (_("步骤"), _("谁"), _("状态"), _("凭证"))
        yield Table(head, rows, (0.28, 0.18, 0.14, 0.4))


def _promises(complaint: Complaint, mask: Mask) -> Iterator[Block]:
    found = Promise.objects.filter(complaint=complaint).select_related("owner")
    rows = [
        (
            mask(" ".join(filter(None, (one.what, _yuan(one.amount_fen))))),
            moment_of(one.due_at),
            one.owner.name if one.owner else "",
            " ".join(filter(None, (str(one.get_state_display()), moment_of(one.kept_at)))),
        )
        for one in found.order_by("pk")
    ]
    if rows:
        yield Heading(_("承诺"))
        head = (_("承诺内容"), _("期限"), _("负责人"), _("结果"))
        yield Table(head, rows, (0.42, 0.2, 0.14, 0.24))


def _ending(complaint: Complaint, mask: Mask) -> Iterator[Block]:
    for told in Feedback.objects.filter(complaint=complaint).select_related("by").order_by("pk"):
        yield Heading(_("反馈结果"))
        yield _filled(
            [
                (_("采取的措施"), mask(told.measures)),
                (_("处理结果"), mask(told.result)),
                (_("如何避免再发生"), mask(told.prevention)),
                (_("反馈人"), f"{told.by.shown_name} · {moment_of(told.at)}"),
            ]
        )
    visits = Visit.objects.filter(complaint=complaint).select_related("by").order_by("pk")
    rows = [
        (moment_of(v.at), v.by.shown_name, str(v.get_result_display()), mask(v.words))
        for v in visits
    ]
    if rows:
        yield Heading(_("回访"))
        head = (_("时间"), _("回访人"), _("结果"), _("客户说"))
        yield Table(head, rows, (0.2, 0.14, 0.14, 0.52))
    yield from _mediations(complaint, mask)
    for one in Closing.objects.filter(complaint=complaint).select_related("by", "remedy"):
        yield Heading(_("结案"))
        yield _filled(
            [
                (_("结论"), str(one.get_outcome_display())),
                (_("成因"), str(one.get_cause_display())),
                (_("责任方"), str(one.get_liability_display())),
                (_("补救方式"), one.remedy.name),
                (_("满意度"), str(one.get_satisfaction_display())),
                (_("需要改进"), _("是") if one.improvement else _("否")),
                (_("什么不能再发生"), mask(one.prevent)),
                (_("说明"), mask(one.note)),
                (_("结案人"), f"{one.by.shown_name} · {moment_of(one.at)}"),
            ]
        )


def _mediations(complaint: Complaint, mask: Mask) -> Iterator[Block]:
    """Each with its body, number and what came of it."""
    found = Mediation.objects.filter(complaint=complaint).select_related("by", "end__by")
    for at, one in enumerate(found.order_by("pk")):
        if at == 0:
            yield Heading(_("调解"))
        ending = one.outcome
        begun = f"{one.begun_on.isoformat()} · {one.by.shown_name}"
        ended = f"{ending.ended_on.isoformat()} · {ending.by.shown_name}" if ending else ""
        yield _filled(
            [
                (_("调解机构"), one.body),
                (_("案号"), one.reference),
                (_("开始"), begun),
                (_("说明"), mask(one.note)),
                (_("结果"), str(ending.get_outcome_display()) if ending else _("调解中")),
                (_("协议内容或原因"), mask(ending.words) if ending else ""),
                (_("结束"), ended),
            ]
        )


def _improvements(complaint: Complaint, reader: User) -> Iterator[Block]:
    visible = Improvement.objects.visible_to(reader).filter(sources__complaint=complaint)
    rows = [
        (f"{it.number} {it.title}", it.owner, str(it.get_stage_display()), moment_of(it.due_at))
        for it in visible.with_all().order_by("pk")
    ]
    if rows:
        yield Heading(_("整改"))
        head = (_("整改"), _("责任"), _("状态"), _("期限"))
        yield Table(head, rows, (0.42, 0.24, 0.14, 0.2))


def _evidence(complaint: Complaint, reader: User, mask: Mask) -> Iterator[Block]:
    rows = []
    for one in complaint.evidence.select_related("by", "complaint").order_by("pk"):
        may = can_open_evidence(reader, one)
        rows.append(
            (
                mask(one.name) if may else _("敏感证据（不对打印人开放）"),
                str(one.get_kind_display()),
                moment_of(one.at),
                one.by.shown_name,
                one.sha256,
            )
        )
    if rows:
        yield Heading(_("证据目录"))
        head = (_("名称"), _("种类"), _("时间"), _("提交"), "SHA-256")
        yield Table(head, rows, (0.26, 0.12, 0.16, 0.12, 0.34))


def _story(complaint: Complaint, mask: Mask) -> Iterator[Block]:
    """Every line, the first one first. What people said stands where it was said."""
    yield Heading(_("往来与记录"))
    said = complaint.messages.select_related("by").order_by("at", "pk").iterator(BATCH)
    # A case file goes through many hands: lines for some roles alone stay out of it.
    open_ones = complaint.events.filter(facts__only__isnull=True).exclude(what__in=SPOKEN)
    happened = open_ones.select_related("by").order_by("at", "pk")
    lines = [
        (one.at, 0, one.pk, one.by.shown_name, str(one.get_kind_display()), one.text)
        for one in said
    ]
    lines += [
        (one.at, 1, one.pk, one.by.shown_name, "", sentence(What(one.what), one.facts))
        for one in happened.iterator(BATCH)
    ]
    for at, _kind, _pk, by, kind, text in sorted(lines, key=lambda line: line[:3]):
        head = " · ".join(filter(None, (moment_of(at), by, kind)))
        yield Said(head, mask(text))


def _seal(complaint: Complaint) -> Iterator[Block]:
    """The seal of the archive, and whether the record is still what was sealed."""
    seal = Seal.objects.filter(complaint=complaint).first()
    if seal is None:
        return
    intact = not closure.broken(complaint)
    yield Heading(_("归档"))
    yield _filled(
        [
            (_("归档时间"), moment_of(seal.at)),
            (_("封存校验值"), seal.digest),
            (_("核对"), _("与封存时一致") if intact else _("与封存时不一致，请核查")),
        ]
    )
