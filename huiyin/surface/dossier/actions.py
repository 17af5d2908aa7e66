"""Printing: on record before a byte leaves; long ones drawn by the worker with progress."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.printing import fonts
from huiyin.ground.privacy import actions as privacy
from huiyin.ground.privacy.rules import masked, masked_name, masked_text
from huiyin.ground.refusal import Invalid, Refused
from huiyin.journey.complaint.models import Complaint
from huiyin.surface.dossier import case, paper, rules
from huiyin.surface.dossier.models import Printing
from huiyin.surface.dossier.permissions import can_print
from huiyin.surface.dossier.words import Paper, State

logger = logging.getLogger(__name__)

KEPT = timedelta(days=1)
BATCH = 200


@transaction.atomic
def ask(
    complaint: Complaint, *, by: User, kind: str, reveal: bool = False, reason: str = ""
) -> Printing:
    """Put on record that `by` prints it, in which form; unmasked only with a reason, which the log
    of looks behind the mask keeps too. Whoever draws it is `draw_now` or the worker."""
    can_print.require(by, complaint)
    if kind not in Paper.values:
        raise Invalid(_("请选择打印卷宗还是跟进表"), paper=_("请选择"))
    reason = " ".join(reason.replace("\x00", "").split())[:200]
    if reveal:
        number = complaint.number
        privacy.reveal(complaint.customer, by=by, reason=reason, complaint_number=number)
    return Printing.objects.create(
        complaint=complaint,
        paper=kind,
        state=State.WAITING,
        revealed=reveal,
        reason=reason if reveal else "",
        language=translation.get_language() or "",
        lines=complaint.events.count(),
        by=by,
        at=moment.now(),
    )


def note_page(complaint: Complaint, *, by: User) -> Printing:
    """The page to print was opened: that is on record as well."""
    can_print.require(by, complaint)
    return Printing.objects.create(
        complaint=complaint,
        paper=Paper.FOLLOW_UP,
        state=State.SHOWN,
        language=translation.get_language() or "",
        by=by,
        at=moment.now(),
    )


def is_long(printing: Printing) -> bool:
    """Whether it is left to the worker: a long story, or the font is still to be made."""
    if printing.paper == Paper.TEXT:  # nothing is drawn
        return printing.lines >= rules.LONG_STORY
    of_case = printing.paper == Paper.CASE
    return not fonts.is_ready() or (of_case and printing.lines >= rules.LONG_STORY)


def draw_now(printing: Printing) -> bytes:
    """Draw it in this request; the row says how it ended."""
    drawn = _drawn(printing, None)
    _ready(printing, drawn, State.GONE)  # it leaves at once; nothing is kept
    return drawn.data


def hand_over(printing: Printing) -> None:
    """Leave it to the worker."""
    from huiyin.surface.dossier.tasks import draw_later

    draw_later.configure(lock=f"print-{printing.pk}").defer(printing_id=printing.pk)


def carry_on(printing: Printing) -> None:
    """The worker's part. Killed on the way it begins anew; whoever lost sight gets nothing."""
    waits = Printing.objects.filter(pk=printing.pk, state__in=(State.WAITING, State.WORKING))
    if not waits.update(state=State.WORKING):
        return
    try:
        drawn = _drawn(printing, lambda percent: _told(printing, percent))
    except Refused:
        waits.update(state=State.FAILED)
        return
    except Exception:
        waits.update(state=State.FAILED)
        logger.exception("Printing %s could not be drawn", printing.pk)
        return
    path = file_of(printing)
    path.parent.mkdir(parents=True, exist_ok=True)
    growing = path.with_suffix(".part")
    growing.write_bytes(drawn.data)
    growing.chmod(0o600)
    growing.replace(path)
    _ready(printing, drawn, State.READY)


def file_of(printing: Printing) -> Path:
    return Path(settings.DATA_DIR) / "prints" / f"{printing.uuid}.pdf"


def sweep_prints() -> int:
    """Files go after a day: they hold people's data. The rows stay."""
    old = Printing.objects.filter(state=State.READY, ready_at__lt=moment.now() - KEPT)
    gone = 0
    for one in old.order_by("ready_at")[:BATCH]:
        file_of(one).unlink(missing_ok=True)
        gone += Printing.objects.filter(pk=one.pk, state=State.READY).update(state=State.GONE)
    return gone


def prepare_font() -> bool:
    """Make the font when the worker starts, so that nobody waits for it."""
    if fonts.is_ready() or not fonts.pieces():
        return False
    fonts.prepare()
    return True


def mask_of(complaint: Complaint, *, revealed: bool) -> tuple[Callable[[str], str], str]:
    """How running text is shown, and the contact points in one line."""
    points = list(complaint.customer.contact_points.all())
    if revealed:
        return (lambda text: text), "、".join(one.shown for one in points)
    name = complaint.customer.name
    own = [one.shown for one in points] + [one.value for one in points]

    def hidden(text: str) -> str:
        if text and text == name:
            return masked_name(text)
        return masked_text(text, names=[name], points=own, keep=[complaint.order_no])

    return hidden, "、".join(masked(one.kind, one.shown) for one in points)


def _drawn(printing: Printing, progress: Callable[[int], None] | None) -> paper.Drawn:
    """In the language in which it was asked for, and only for who still sees the complaint."""
    related = Complaint.objects.visible_to(printing.by).select_related("customer", "received_by")
    complaint = related.filter(pk=printing.complaint_id).first()
    if complaint is None:
        raise Refused(can_print.sentence)
    with translation.override(printing.language or settings.LANGUAGE_CODE):
        mask, contact = mask_of(complaint, revealed=printing.revealed)
        sheet = _sheet(printing, complaint)
        if printing.paper != Paper.FOLLOW_UP:
            sheet.blocks.extend(case.case(complaint, printing.by, mask, contact))
        else:
            sheet.blocks.extend(case.follow_up(complaint, mask, contact))
        if printing.paper == Paper.TEXT:
            return paper.written(sheet)
        return paper.draw(sheet, progress)


def _sheet(printing: Printing, complaint: Complaint) -> paper.Sheet:
    when = f"{timezone.localtime(printing.at):%Y-%m-%d %H:%M}"
    by = printing.by
    return paper.Sheet(
        title=f"{complaint.number} {Paper(printing.paper).label}",
        mark=_("%(name)s（%(login)s）打印于 %(when)s")
        % {"name": by.name, "login": by.username, "when": when},
        foot=_("含未遮盖的客户资料，请妥善保管") if printing.revealed else settings.ORGANISATION,
        missing=_("〔{n} 个字符无法打印，请看系统内原文〕"),
        hint=_("系统内原文和纯文本卷宗里有全部文字"),
    )


def _told(printing: Printing, percent: int) -> None:
    Printing.objects.filter(pk=printing.pk).update(percent=percent)


def _ready(printing: Printing, drawn: paper.Drawn, state: State) -> None:
    done = {
        "state": state,
        "percent": 100,
        "pages": drawn.pages,
        "size": len(drawn.data),
        "sha256": hashlib.sha256(drawn.data).hexdigest(),
        "ready_at": moment.now(),
    }
    Printing.objects.filter(pk=printing.pk).update(**done)
    for name, value in done.items():
        setattr(printing, name, value)
