"""What the department does: signing, answering, returning, disputing, forwarding, asking time."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.ground import moment
from huiyin.ground.people.models import Department, User
from huiyin.ground.refusal import Invalid, Refused
from huiyin.ground.worktime.words import Unit
from huiyin.journey.clocks.actions import stop_for
from huiyin.journey.clocks.rules import is_amount
from huiyin.journey.clocks.words import ClockKind
from huiyin.journey.complaint.events import frozen, record
from huiyin.journey.complaint.words import What
from huiyin.journey.conversation.actions import Description, keep_evidence, said
from huiyin.journey.conversation.words import Source
from huiyin.journey.cooperation import rules
from huiyin.journey.cooperation.actions import legs
from huiyin.journey.cooperation.models import Answer, Dispute, Leg, Link, MoreTime, Task
from huiyin.journey.cooperation.people import heads
from huiyin.journey.cooperation.permissions import can_dispute, can_forward_away, can_work
from huiyin.journey.cooperation.words import End, State


def name_of(by: User, link: Link | None) -> str:
    """Who it was, as it stays on record."""
    return link.name if link is not None else by.name


def through(link: Link | None) -> dict[str, str]:
    """What the story adds when it came through a link."""
    if link is None:
        return {}
    return {"words": frozen(gettext_lazy("通过链接：%(name)s")) % {"name": link.name}}


@transaction.atomic
def sign(task: Task, *, by: User, link: Link | None = None) -> None:
    """Sign for it (签收); who signs for what was given to nobody gets it."""
    can_work.require(by, task)
    task.complaint.hold()
    now = moment.now()
    taken = {"handler": by} if task.handler_id is None and link is None else {}
    task.turn(State.SIGNED, **taken)
    stop_for(task.complaint, subject=task.subject, at=now, by=by, kinds=(ClockKind.TASK_SIGN_IN,))
    leg = task.current
    late = leg.sign_clock is not None and leg.sign_clock.due_at < now
    Leg.objects.filter(pk=leg.pk).update(
        signed_at=now, signed_by=name_of(by, link), sign_late=late, handler=task.handler
    )
    leg.refresh_from_db()
    record(What.TASK_SIGNED, task.complaint, by=by, **task.facts, **through(link))


@transaction.atomic
def answer(
    task: Task,
    *,
    by: User,
    text: str,
    uploads: Sequence[UploadedFile[Any]] = (),
    link: Link | None = None,
) -> Answer:
    """Answer with files. Raises Invalid with fields text, files."""
    can_work.require(by, task)
    sentence = _("请写明查到了什么、怎样处理")
    text = said(text, name="text", most=rules.LONGEST_ANSWER, missing=sentence, least=4)
    if len(uploads) > rules.MOST_FILES:
        sentence = _("一次最多 %(most)s 个文件") % {"most": rules.MOST_FILES}
        raise Invalid(sentence, files=sentence)
    if task.state == State.SENT:  # whoever answers has it, signed or not
        sign(task, by=by, link=link)
    task.complaint.hold()
    now = moment.now()
    task.turn(State.ANSWERED)
    leg = task.current
    late = bool(leg.answer_late) or (leg.clock is not None and leg.clock.due_at < now)
    stop_for(task.complaint, subject=task.subject, at=now, by=by)
    Leg.objects.filter(pk=leg.pk).update(
        answered_at=leg.answered_at or now, answer_late=late, handler=task.handler
    )
    leg.refresh_from_db()
    made = Answer.objects.create(
        task=task, leg=leg, by=by, link=link, name=name_of(by, link), at=now, text=text
    )
    source = Source.THIRD_PARTY if task.department.is_outside else Source.DEPARTMENT
    kept = [
        keep_evidence(
            task.complaint,
            by=by,
            upload=upload,
            described=Description(source=source, about=f"{task.department.name}：{task.title}"),
        )
        for upload in uploads
    ]
    made.files.set(kept)
    MoreTime.objects.filter(task=task, decided_at=None).update(
        granted=False, decided_at=now, note=frozen(gettext_lazy("已答复"))
    )
    record(What.TASK_ANSWERED, task.complaint, by=by, **task.facts, **through(link))
    return made


@transaction.atomic
def give_back(task: Task, *, by: User, reason: str, owner: Department | None = None) -> None:
    """Return what is not the department's (退回): once, with reason and the right owner.

    The head may a second time; within a working day; after a ruling never again.
    """
    can_work.require(by, task)
    task.complaint.hold()
    reason = said(
        reason,
        name="reason",
        most=rules.LONGEST_REASON,
        missing=_("请写明退回原因，以及为什么不归本部门"),
        least=4,
    )
    owner = _owner(task, owner)
    now = moment.now()
    _may_return(task, by)
    task.turn(State.RETURNED)
    legs.finish(task, End.RETURNED, by=by, at=now, reason=reason, owner=owner)
    record(What.TASK_RETURNED, task.complaint, by=by, **task.facts, reason=reason)


def _owner(task: Task, owner: Department | None) -> Department:
    sentence = _("请指出应由哪个部门或单位办理")
    if owner is None or owner.retired_at is not None:
        raise Invalid(sentence, owner=sentence)
    if owner.pk == task.department_id:
        raise Invalid(_("请选择本部门以外的单位"), owner=_("请选择本部门以外的单位"))
    return owner


def refusal_of_return(task: Task, by: User) -> str:
    """Why this person cannot return it now, in words; "" when he can."""
    why = rules.refusal_of_return(
        before=task.legs.filter(department=task.department, ended=End.RETURNED).count(),
        is_head=heads(by, task.department),
        ruled=task.ruled_at is not None,
        now=moment.now(),
        until=task.current.return_until,
    )
    said_so = {
        "ruled": _("这项任务已经裁定，不能再退回"),
        "often": _("本部门已经退回两次，不能再退回；仍不认同请提出争议"),
        "head": _("本部门已经退回过一次，再次退回要由部门负责人决定"),
        "late": _("已超过退回期限（收到后 1 个工作日内），请办理，或提出争议"),
    }
    return said_so.get(why, "")


def _may_return(task: Task, by: User) -> None:
    if why := refusal_of_return(task, by):
        raise Refused(why)


@transaction.atomic
def dispute(task: Task, *, by: User, reason: str, owner: Department | None = None) -> Dispute:
    """Say that it is (or is not) this department's matter: somebody who is no party decides.

    Its clocks run on: a dispute wins no time, and when it was right nothing counts against it.
    """
    can_dispute.require(by, task)
    task.complaint.hold()
    sentence = _("请写明争议的理由")
    reason = said(reason, name="reason", most=rules.LONGEST_REASON, missing=sentence, least=4)
    if task.ruled_at is not None:
        raise Refused(_("这项任务已经裁定过，不能再提出争议，请办理"))
    if owner is not None:
        owner = _owner(task, owner) if task.state != State.RETURNED else owner
    before = task.state
    task.turn(State.DISPUTED)
    made = Dispute.objects.create(
        task=task,
        leg=task.current,
        by=by,
        reason=reason,
        owner=owner,
        state=before,
        at=moment.now(),
    )
    record(What.TASK_DISPUTED, task.complaint, by=by, **task.facts, reason=reason)
    return made


@transaction.atomic
def hand(task: Task, *, by: User, to: User | None, reason: str = "") -> None:
    """Give it to somebody of the same department: the limits stay as they are."""
    can_work.require(by, task)
    task.complaint.hold()
    if to is None:
        raise Invalid(_("请选择接手的同事"), to=_("请选择"))
    legs.checked_handler(task.department, to, task.complaint_id)
    if to.pk == task.handler_id:
        raise Invalid(_("任务已经在这位同事手上"), to=_("请选择另一位同事"))
    if not task.is_waiting:
        raise Refused(_("这项任务现在不在办理中，请刷新页面查看最新进展"))
    reason = said(reason, name="reason", most=rules.LONGEST_REASON)
    hops = task.hops + (task.handler_id is not None)
    _may_hop(task, hops)
    same = Task.objects.filter(pk=task.pk, state=task.state, handler=task.handler, leg=task.leg)
    if not same.update(handler=to, hops=hops):
        raise Refused(_("这项任务刚刚被别人处理过，请刷新后再看"))
    task.handler, task.hops = to, hops
    Leg.objects.filter(pk=task.current.pk).update(handler=to)
    record(
        What.TASK_FORWARDED,
        task.complaint,
        by=by,
        **task.facts,
        person=to.name,
        note=to.name,
        reason=reason,
    )


@transaction.atomic
def forward(task: Task, *, by: User, department: Department | None, reason: str) -> None:
    """Pass it to another department (转办) with the reason: new limits, three hops at most."""
    can_forward_away.require(by, task)
    task.complaint.hold()
    department = legs.in_use(department)
    if department.pk == task.department_id:
        raise Invalid(_("请选择本部门以外的单位"), department=_("请选择本部门以外的单位"))
    sentence = _("请写明转办原因")
    reason = said(reason, name="reason", most=rules.LONGEST_REASON, missing=sentence, least=4)
    if task.ruled_at is not None:
        raise Refused(_("这项任务已经裁定由本部门办理，不能再转给别的部门"))
    _may_hop(task, task.hops + 1)
    move(task, department, by=by, how=End.FORWARDED, reason=reason)
    record(
        What.TASK_FORWARDED,
        task.complaint,
        by=by,
        **task.facts,
        note=frozen(gettext_lazy("由 %(name)s 转来")) % {"name": by.name},
        reason=reason,
    )


def _may_hop(task: Task, hops: int) -> None:
    if hops > rules.MOST_HOPS:
        raise Refused(_("这项任务已经转过三次，请提出争议，由督办员或主管裁定由谁办理"))


def move(
    task: Task,
    department: Department,
    *,
    by: User,
    how: End | None,
    reason: str,
    handler: User | None = None,
    **fields: Any,
) -> None:
    """Another department has it from now on; `how` the one before lost it, None when it had."""
    now = moment.now()
    task.turn(State.SENT, department=department, handler=handler, hops=task.hops + 1, **fields)
    if how is not None:
        legs.finish(task, how, by=by, at=now, reason=reason, owner=department)
    task.contact = task.contact and not department.is_outside
    Task.objects.filter(pk=task.pk).update(contact=task.contact)
    legs.begin(task, by=by, at=now, why=reason)


@transaction.atomic
def ask_more_time(task: Task, *, by: User, amount: Decimal | None, reason: str) -> MoreTime:
    """Ask for more time, before expiry; whoever asked the question decides."""
    can_work.require(by, task)
    task.complaint.hold()
    clock = task.current.clock
    now = moment.now()
    if not task.is_waiting or clock is None or clock.stopped_at is not None:
        raise Refused(_("这项任务现在不在办理中，请刷新页面查看最新进展"))
    if clock.due_at <= now:
        raise Refused(_("答复时限已到，不能再申请延期；请尽快答复并说明原因"))
    left = float(clock.most_extra) - clock.extra
    if left <= 0:
        raise Refused(_("这项任务已不能再延长，请按期答复"))
    if amount is None or not is_amount(float(amount), clock.unit) or float(amount) > left:
        sentence = _("请填写 1 到 %(most)s 之间的%(unit)s数") % {
            "most": f"{left:g}",
            "unit": Unit(clock.unit).label,
        }
        raise Invalid(sentence, amount=sentence)
    sentence = _("请写明为什么需要更多时间")
    reason = said(reason, name="reason", most=rules.LONGEST_REASON, missing=sentence, least=4)
    try:
        with transaction.atomic():
            made = MoreTime.objects.create(
                task=task,
                leg=task.current,
                clock=clock,
                amount=amount,
                reason=reason,
                by=by,
                name=by.name,
                at=now,
            )
    except IntegrityError as error:
        raise Refused(_("已经有一份延期申请在等决定")) from error
    record(
        What.EXTENSION_ASKED,
        task.complaint,
        by=by,
        **task.facts,
        subject=task.subject,
        note=f"+{made.said_amount}",
        reason=reason,
    )
    return made
