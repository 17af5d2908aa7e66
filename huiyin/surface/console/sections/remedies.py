"""Remedies with their fields, limits and steps, and the numbers that calculators rest on."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from huiyin.ground.people.permissions import can_configure
from huiyin.ground.web.http import HuiyinRequest
from huiyin.journey.resolution import filling, fitting
from huiyin.journey.resolution.models import Figure, Remedy
from huiyin.journey.resolution.words import Calculator, Mark, ResponseKind, Unit
from huiyin.surface.composer import fits, proposing
from huiyin.surface.console import permissions
from huiyin.surface.console.forms.money import yuan
from huiyin.surface.console.forms.remedies import FigureForm, RemedyForm
from huiyin.surface.console.section import Column, Section
from huiyin.surface.console.sections.narrowing import in_use_or_not, of_choices
from huiyin.surface.console.words import Group


def most(remedy: Remedy) -> str:
    """“¥500.00，订单的 90%”; empty without limit."""
    parts = []
    if remedy.limit_fen is not None:
        parts.append(f"¥{yuan(remedy.limit_fen):,}")
    if remedy.limit_percent is not None:
        parts.append(gettext("订单的 %(percent)s%%") % {"percent": remedy.limit_percent})
    return gettext("，").join(parts)


def sample_remedy(remedy: Remedy, request: HuiyinRequest) -> dict[str, Any]:
    """The remedy as a handler and a customer meet it, and where it would be proposed."""
    if remedy._state.adding:
        return {}
    return {
        "sample_fields": filling.asked(remedy, {}),
        "sample_steps": proposing.steps_of(remedy),
        "sample_words": remedy.wording_zh or remedy.name_zh,
        "sample_words_en": remedy.wording_en,
        "fits_in_words": fitting.in_words(remedy.fits) if remedy.fits else "",
        "fitting": fits.lately(request.user, remedy.fits) if remedy.fits is not None else None,
    }


def value_of(figure: Figure) -> str:
    """“¥500.00”, “7 日”, “3 倍”; nothing for a rule without number."""
    if figure.unit == Unit.RULE:
        return ""
    if figure.unit == Unit.FEN:
        return f"¥{yuan(figure.value):,}"
    unit = {Unit.PERCENT: "%"}.get(Unit(figure.unit), f" {figure.get_unit_display()}")
    return f"{figure.value}{unit}"


def stands_in(figure: Figure) -> str:
    return f"《{figure.law}》{figure.article}" if figure.law else figure.article


def not_verified(figure: Figure) -> str:
    """The banner of a number that nobody compared with the law's own text."""
    if figure.mark in (Mark.SECONDARY, Mark.GENERAL):
        return gettext(
            "这个数字没有与法律原文核对过；用到它的计算会一并提醒，请核对后改为“已与法律原文核对”"
        )
    if figure.mark == Mark.HOUSE:
        return gettext("这是本企业自定的数字，启用前请由负责人确认")
    return figure.note


SECTIONS: tuple[Section, ...] = (
    Section(
        name="remedies",
        group=Group.SOLVING,
        icon="gift",
        title=_("补救方式"),
        one=_("补救方式"),
        about=_(
            "退货、换货、补偿、道歉……各要写什么、最多多少、什么时候推荐、怎样执行，以及给客户的说法"
        ),
        model_name="resolution.Remedy",
        columns=(
            Column("name", _("名称"), "strong"),
            Column("code", _("代码"), "code"),
            Column("response_kind", _("答复种类"), "state"),
            Column("needs_amount", _("需要金额"), "yes"),
            Column(most, _("上限")),
            Column("days", _("一般执行天数"), "number"),
            Column("wording_zh", _("给客户的说法")),
        ),
        form=RemedyForm,
        search=("code", "name_zh", "name_en", "wording_zh", "basis"),
        filters=(of_choices("response_kind", _("答复种类"), ResponseKind.choices), in_use_or_not()),
        order=("code",),
        may_see=permissions.can_see_configuration,
        may_change=can_configure,
        retires="retired_at",
        aside="console/aside/remedy.html",
        facts=sample_remedy,
        empty=_("还没有补救方式，处理人无法提出方案"),
    ),
    Section(
        name="figures",
        group=Group.SOLVING,
        icon="calculator",
        title=_("计算器数字"),
        one=_("数字"),
        about=_("七日、三倍、五百元……计算器用的每个数字，出自哪部法律哪一条、核对过没有、从哪天起"),
        model_name="resolution.Figure",
        columns=(
            Column("name_zh", _("名称"), "strong"),
            Column(value_of, _("数值")),
            Column("calculator", _("计算器"), "state"),
            Column(stands_in, _("出处")),
            Column("mark", _("核对情况"), "state"),
            Column("verified_on", _("核对日期"), "day"),
            Column("valid_from", _("生效日期"), "day"),
        ),
        form=FigureForm,
        search=("code", "name_zh", "name_en", "law", "article"),
        filters=(
            of_choices("calculator", _("计算器"), Calculator.choices),
            of_choices("mark", _("核对情况"), Mark.choices),
        ),
        order=("calculator", "code", "-valid_from"),
        banner=not_verified,
        may_see=permissions.can_see_configuration,
        may_change=can_configure,
        empty=_("没有数字，计算器无法计算；请运行 dev.py manage load_reference 装入"),
    ),
)
