"""Files become drafts. Nothing is published by an import: each draft goes its way to review."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from huiyin.ground import moment
from huiyin.ground.knowledge.actions.text import Text
from huiyin.ground.knowledge.actions.writing import noted, revise, save, write
from huiyin.ground.knowledge.models import Article, Version
from huiyin.ground.knowledge.permissions import can_keep
from huiyin.ground.knowledge.sources import MOST_FILES, Written, pieces
from huiyin.ground.knowledge.words import Audience, Checked, Kind, Step, Turn
from huiyin.ground.people.models import User
from huiyin.ground.people.words import Role
from huiyin.ground.refusal import Invalid, Refused

REVIEWED_WITHIN = timedelta(days=180)


@dataclass(frozen=True)
class Row:
    """What became of one piece: a draft, or the sentence why not."""

    file: str
    title: str
    version: Version | None = None
    again: bool = False  # a further version of an article that is there
    fault: str = ""


def take_in(uploads: Sequence[UploadedFile[Any]], *, by: User, kind: str = "") -> list[Row]:
    """Each piece of each file for itself: what is at fault is told, the others become drafts."""
    can_keep.require(by, None)
    if not uploads:
        raise Invalid(_("请先选择要导入的文件"))
    if len(uploads) > MOST_FILES:
        raise Invalid(_("一次最多 %(most)d 个文件，请分几次导入") % {"most": MOST_FILES})
    if kind and kind not in Kind.values:
        raise Invalid(_("请选择类型"), kind=_("请选择类型"))
    told: list[Row] = []
    for upload in uploads:
        name = str(upload.name or "")[:200]
        try:
            found = pieces(name, int(upload.size or 0), upload)
        except Refused as refused:
            told.append(Row(name, "", fault=str(refused.sentence)))
            continue
        told += [_one(name, piece, by=by, kind=kind) for piece in found]
    return told


def _one(file: str, piece: Written, *, by: User, kind: str) -> Row:
    try:
        with transaction.atomic():
            version, again = _kept(file, piece, by=by, kind=kind)
    except Refused as refused:
        faults = "；".join(str(one) for one in refused.fields.values()) or str(refused.sentence)
        return Row(file, piece.title[:160] or file, fault=faults)
    return Row(file, version.title, version=version, again=again)


def _kept(file: str, piece: Written, *, by: User, kind: str) -> tuple[Version, bool]:
    text, found_kind = text_of(piece, kind=kind or Kind.ARTICLE)
    there = Article.objects.filter(code=piece.code).first() if piece.code else None
    if there is None:
        review_on = moment.today() + REVIEWED_WITHIN
        return (
            write(
                by=by,
                kind=found_kind,
                text=text,
                code=piece.code,
                review_on=review_on,
                turn=Turn.IMPORTED,
                note=file,
            ),
            False,
        )
    draft = revise(there, by=by)
    version = save(draft, by=by, text=text, revision=draft.revision)
    noted(there, Turn.IMPORTED, by=by, version=version.number, note=file)
    return version, True


def text_of(piece: Written, *, kind: str) -> tuple[Text, str]:
    """What its fields say, by label or by value; what cannot be understood is refused."""
    told, faults = dict(piece.fields), dict[str, str]()
    values: dict[str, Any] = {
        "source": told.get("source", ""),
        "clause": told.get("clause", ""),
        "edition": told.get("edition", ""),
        "url": told.get("url", ""),
        "change": told.get("change", ""),
    }
    for name in ("categories", "remedies", "keywords"):
        values[name] = listed(told.get(name, ""))
    choices: Any
    for name, choices in (("steps", Step), ("roles", Role)):
        values[name] = [_chosen(choices, one, name, faults) for one in listed(told.get(name, ""))]
    for name, choices in (("audience", Audience), ("checked", Checked)):
        if told.get(name):
            values[name] = _chosen(choices, told[name], name, faults)
    for name in ("dated", "valid_from", "valid_to"):
        if told.get(name):
            values[name] = moment.read_day(told[name])
            if values[name] is None:
                faults[name] = _("日期“%(day)s”看不懂，请写成 2026-01-31") % {
                    "day": told[name][:20]
                }
    if told.get("kind"):
        kind = _chosen(Kind, told["kind"], "kind", faults)
    if faults:
        raise Invalid(_("有内容需要修改"), **faults)
    values |= {"title_en": piece.title_en, "body_en": piece.body_en}
    return Text(title=piece.title, body=piece.body, **values), kind


def listed(text: str) -> list[str]:
    """Words by comma, full stop of lists or blank."""
    for mark in "，、；;|":
        text = text.replace(mark, ",")
    return [one.strip() for one in text.split(",") if one.strip()]


def _chosen(choices: Any, told: str, name: str, faults: dict[str, str]) -> str:
    by_label = {str(label): value for value, label in choices.choices}
    if told in choices.values:
        return told
    if told in by_label:
        return str(by_label[told])
    faults[name] = _("没有这个选项：%(what)s；可以写：%(all)s") % {
        "what": told[:30],
        "all": "、".join(by_label),
    }
    return ""
