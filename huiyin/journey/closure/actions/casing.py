"""Cases for training: proposed from a closed complaint, anonymous, judged by somebody else."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.refusal import Invalid, NotPermitted, Refused
from huiyin.journey.closure import rules
from huiyin.journey.closure.models import Case
from huiyin.journey.closure.permissions import can_judge_case, can_propose_case
from huiyin.journey.closure.words import CaseState
from huiyin.journey.complaint.events import record
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import Status, What
from huiyin.journey.conversation.actions import said
from huiyin.journey.triage.models import Category

LONGEST = 4000
FIELDS = ("title", "story", "handling", "lesson")


@transaction.atomic
def propose_case(complaint: Complaint, *, by: User, lesson: str = "") -> Case:
    """Recommend a closed one for training (推荐为案例): a draft without anybody's name."""
    can_propose_case.require(by, complaint)
    complaint.hold()
    if complaint.status != Status.CLO:
        raise Refused(_("结案以后、归档以前才能推荐为案例"))
    if complaint.restricted:
        raise Refused(_("限制查看的投诉不能推荐为案例"))
    lesson = said(lesson, name="lesson", most=LONGEST)
    try:
        with transaction.atomic():
            case = Case.objects.create(
                complaint=complaint, by=by, at=moment.now(), **_drafted(complaint, lesson)
            )
    except IntegrityError as error:
        raise Refused(_("这件投诉已经推荐过了")) from error
    record(What.CASE_PROPOSED, complaint, by=by, case=case.pk, note=case.title)
    return case


def _drafted(complaint: Complaint, lesson: str) -> dict[str, str]:
    finding = complaint.findings.first()
    closing = complaint.closings.select_related("remedy").first()
    handling = [finding.facts] if finding is not None else []
    if closing is not None:
        ended = {"outcome": closing.get_outcome_display(), "remedy": closing.remedy.name}
        handling.append(_("结论：%(outcome)s；补救方式：%(remedy)s") % ended)
        handling.append(closing.note)
    raw = {
        "title": complaint.subject,
        "story": "\n".join(filter(None, (complaint.text, complaint.wanted))),
        "handling": "\n".join(filter(None, handling)),
        "lesson": lesson or (finding.recommendation if finding is not None else ""),
    }
    named = named_in(complaint)
    told = {name: rules.anonymised(text, **named) for name, text in raw.items()}
    return {**told, "title": told["title"][:120], "category": complaint.category}


def named_in(complaint: Complaint) -> dict[str, list[str]]:
    """Who and what must not be read in it: the customer and his points, all of us, the numbers."""
    customer = complaint.customer
    points = [point.value for point in customer.contact_points.all()]
    shown = [point.shown for point in customer.contact_points.all()]
    names = [customer.name, *User.objects.people().values_list("name", flat=True)]
    return {
        "names": list(filter(None, names)),
        "words": list(filter(None, [complaint.order_no, complaint.number, *points, *shown])),
    }


@transaction.atomic
def accept_case(
    case: Case, *, by: User, title: str, story: str, handling: str, lesson: str = ""
) -> Case:
    """Check it, better it, take it into the library. What still names somebody is refused."""
    _judged(case, by)
    typed = {"title": title, "story": story, "handling": handling, "lesson": lesson}
    checked = {
        name: said(
            text,
            name=name,
            most=120 if name == "title" else LONGEST,
            missing="" if name == "lesson" else _("请填写"),
        )
        for name, text in typed.items()
    }
    named = named_in(case.complaint)
    if left := [name for name, text in checked.items() if not _is_clean(text, named)]:
        sentence = _("里面还有能认出人的内容（姓名、号码、地址、金额等），请改掉再入库")
        raise Invalid(sentence, **dict.fromkeys(left, sentence))
    return _judge(case, by, CaseState.ACCEPTED, **checked)


def _is_clean(text: str, named: dict[str, list[str]]) -> bool:
    """Nothing is left to be taken out; full-width signs and spaces alone name nobody."""
    plain = rules.anonymised(text)
    return rules.anonymised(text, **named) == plain == rules.plain(text)


@transaction.atomic
def refuse_case(case: Case, *, by: User, note: str) -> Case:
    """Not for the library, with the reason."""
    _judged(case, by)
    note = said(note, name="note", most=500, missing=_("请写明为什么不采用"), least=4)
    return _judge(case, by, CaseState.REFUSED, note=note)


def _judged(case: Case, by: User) -> None:
    can_judge_case.require(by, case)
    if case.by_id == by.pk:
        raise NotPermitted(_("自己推荐的案例由别人审核"))


def _judge(case: Case, by: User, state: CaseState, **fields: str) -> Case:
    told = {**fields, "state": state, "judged_by": by, "judged_at": moment.now()}
    if not Case.objects.filter(pk=case.pk, state=CaseState.DRAFT).update(**told):
        raise Refused(_("这个案例刚刚被别人审核过，请刷新页面"))
    case.refresh_from_db()
    return case


def topic_of(case: Case) -> str:
    """The name of its category, "" for none."""
    found = Category.objects.filter(code=case.category).first()
    return found.name if found else ""
