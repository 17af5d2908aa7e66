"""What an editor hands in: the words of a version and all that is approved with them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext as _

from huiyin.ground.knowledge import rules
from huiyin.ground.knowledge.models import Version
from huiyin.ground.knowledge.words import Audience, Checked, Kind, Step
from huiyin.ground.people.words import Role
from huiyin.ground.refusal import Invalid

MOST_WORDS = 40
LONGEST = {
    "title": rules.LONGEST_TITLE,
    "title_en": 200,
    "body": rules.LONGEST_BODY,
    "body_en": rules.LONGEST_BODY,
    "source": 120,
    "clause": 60,
    "edition": 60,
    "url": 300,
    "change": 300,
}
CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")


@dataclass(frozen=True)
class Text:
    """Everything of a version that a person writes. Checked by `checked_text`."""

    title: str
    body: str
    title_en: str = ""
    body_en: str = ""
    source: str = ""
    clause: str = ""
    edition: str = ""
    dated: date | None = None
    url: str = ""
    checked: str = Checked.HOUSE
    audience: str = Audience.AGENT
    roles: Iterable[str] = ()
    categories: Iterable[str] = ()
    remedies: Iterable[str] = ()
    steps: Iterable[str] = ()
    keywords: Iterable[str] = ()
    valid_from: date | None = None
    valid_to: date | None = None
    change: str = ""

    @classmethod
    def of(cls, version: Version) -> Text:
        return cls(**{field.name: getattr(version, field.name) for field in fields(cls)})

    def values(self) -> dict[str, Any]:
        return {field.name: getattr(self, field.name) for field in fields(self)}


def checked_text(text: Text) -> dict[str, Any]:
    """The fields as they will be kept; Invalid with a sentence for each that is at fault."""
    values = text.values()
    faults: dict[str, str] = {}
    for name, most in LONGEST.items():
        written = str(values[name] or "").replace("\0", "").replace("\r\n", "\n").strip()
        if name not in ("body", "body_en"):
            written = " ".join(written.split())
        values[name] = written
        if len(written) > most:
            faults[name] = _("最多 %(most)s 字，现在是 %(now)s 字，请缩短") % {
                "most": most,
                "now": len(written),
            }
    if len(values["title"]) < 2:
        faults["title"] = _("请填写标题（至少 2 个字）")
    if len(values["body"]) < 2:
        faults["body"] = _("请填写正文")
    _check_choices(values, faults)
    _check_lists(values, faults)
    if values["url"]:
        try:
            URLValidator(schemes=("http", "https"))(values["url"])
        except ValidationError:
            faults["url"] = _("请填写完整网址，以 https:// 开头")
    begins, ends = values["valid_from"], values["valid_to"]
    if begins and ends and ends < begins:
        faults["valid_to"] = _("失效日期不能早于生效日期")
    if faults:
        raise Invalid(_("有内容需要修改，请按标红的说明改"), **faults)
    return values


def _check_choices(values: dict[str, Any], faults: dict[str, str]) -> None:
    if values["checked"] not in Checked.values:
        faults["checked"] = _("请选择核对情况")
    if values["audience"] not in Audience.values:
        faults["audience"] = _("请选择读者")


def _check_lists(values: dict[str, Any], faults: dict[str, str]) -> None:
    for name, known in (("roles", Role.values), ("steps", Step.values)):
        values[name] = list(dict.fromkeys(values[name]))
        if unknown := set(values[name]) - set(known):
            faults[name] = _("没有这个选项：%(what)s") % {"what": "、".join(sorted(unknown))}
    for name in ("categories", "remedies"):
        values[name] = _listed(str(one).strip().upper() for one in values[name])
        if bad := [one for one in values[name] if not CODE.fullmatch(one) or len(one) > 20]:
            faults[name] = _("编号不对：%(what)s，例如 AS.01、RMD.02") % {"what": bad[0][:30]}
    values["keywords"] = _listed(rules.folded(str(one)) for one in values["keywords"])
    if long := [one for one in values["keywords"] if not 2 <= len(one) <= 20]:
        faults["keywords"] = _("关键词每个 2–20 个字：%(what)s") % {"what": long[0][:30]}
    for name in ("categories", "remedies", "keywords"):
        if len(values[name]) > MOST_WORDS:
            faults[name] = _("最多 %(most)s 个") % {"most": MOST_WORDS}
    if values["audience"] == Audience.RESTRICTED and not values["roles"]:
        faults["roles"] = _("受限的知识，请选择哪些角色可以看")
    if values["audience"] != Audience.RESTRICTED:
        values["roles"] = []


def _listed(words: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(word for word in words if word))


def complete(version: Version) -> None:
    """What must stand before it goes to review: a law without its place is no law."""
    faults: dict[str, str] = {}
    if version.article.kind == Kind.LAW:
        if not version.source:
            faults["source"] = _("法律法规请填写名称")
        if not version.clause:
            faults["clause"] = _("请填写第几条")
        if not version.dated:
            faults["dated"] = _("请填写公布或施行日期")
    if version.article.owner_id is None:
        faults["owner"] = _("请指定负责人，到期由他复审")
    if version.article.review_on is None:
        faults["review_on"] = _("请填写复审日期")
    if faults:
        raise Invalid(
            _("还不能提交审核：%(what)s") % {"what": "；".join(faults.values())}, **faults
        )
