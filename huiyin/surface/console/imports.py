"""Special days from a CSV file: every row is taken or named with its line and reason."""

from __future__ import annotations

import csv
import io
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.people.permissions import can_configure
from huiyin.ground.refusal import Invalid
from huiyin.ground.worktime.models import CalendarDay, forget
from huiyin.ground.worktime.words import DayKind
from huiyin.surface.console.models import ConfigChange
from huiyin.surface.console.words import Did

LARGEST = 512 * 1024  # bytes; ten years of special days are 20 KB
MOST_FAULTS = 20
KINDS = {str(kind.label): kind.value for kind in DayKind} | {k: k for k in DayKind.values}


def as_text(raw: bytes) -> str:
    """UTF-8 with or without BOM, else GB18030, which is what Excel writes in China."""
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            return raw.decode("gb18030")
        except UnicodeDecodeError as wrong:
            raise Invalid(_("无法识别文件编码，请另存为 UTF-8 的 CSV 再导入")) from wrong


def read_days(text: str) -> tuple[dict[date, tuple[str, str, str]], list[str]]:
    """{day: (kind, name, source)} of the good rows, and a sentence for each bad one."""
    days: dict[date, tuple[str, str, str]] = {}
    faults: list[str] = []
    reader = csv.DictReader(io.StringIO(text))
    if not {"day", "kind"} <= {(name or "").strip() for name in reader.fieldnames or ()}:
        return {}, [_("第 1 行应是表头：day,kind,name,source")]
    for row in reader:
        said = {(key or "").strip(): (value or "").strip() for key, value in row.items() if key}
        try:
            on = date.fromisoformat(said["day"].replace("/", "-"))
            kind = KINDS[said["kind"]]
        except (ValueError, KeyError):
            faults.append(
                _("第 %(line)d 行读不懂：%(row)s")
                % {"line": reader.line_num, "row": ",".join(said.values())[:60]}
            )
            continue
        days[on] = (kind, said.get("name", "")[:80], said.get("source", "")[:200])
    return days, faults[:MOST_FAULTS]


@transaction.atomic
def import_days(raw: bytes, *, by: User) -> tuple[int, list[str]]:
    """Add or update national special days. Returns how many rows changed, and the faults."""
    can_configure.require(by, None)
    if len(raw) > LARGEST:
        raise Invalid(_("文件太大；一个日历一年只有几十个特殊日子，请检查是否选错了文件"))
    days, faults = read_days(as_text(raw))
    known = {row.day: row for row in CalendarDay.objects.filter(calendar=None, day__in=days)}
    changed = 0
    for on, (kind, name, source) in days.items():
        row = known.get(on) or CalendarDay(day=on)
        said = (kind, name or row.name, source or row.source)
        if row.pk and (row.kind, row.name, row.source) == said:
            continue
        row.kind, row.name, row.source = said
        row.provisional = False
        row.save()
        changed += 1
    if changed:
        ConfigChange.objects.create(
            by=by,
            section="holidays",
            subject_id="",
            subject=_("%(count)d 天") % {"count": changed},
            did=Did.IMPORTED,
            changes=[],
            at=moment.now(),
        )
    forget()
    return changed, faults
