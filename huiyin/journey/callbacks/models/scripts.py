"""What is said in a call: own lines, where the knowledge has none."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from huiyin.ground.language import in_own
from huiyin.journey.callbacks.words import CallbackKind, Step


class Script(models.Model):
    """One step of a call of one kind, for all categories or for those that begin so."""

    kind = models.CharField(_("回电种类"), max_length=12, choices=CallbackKind.choices)
    category_prefix = models.CharField(
        _("类别前缀"), max_length=20, blank=True, help_text=_("如 PD.01；留空表示所有类别")
    )
    step = models.CharField(_("步骤"), max_length=10, choices=Step.choices)
    text_zh = models.TextField(_("话术"), max_length=1000)
    text_en = models.TextField(_("英文话术"), max_length=1000, blank=True)
    source = models.CharField(_("来源"), max_length=120, blank=True)
    version = models.CharField(_("版本"), max_length=20, blank=True)
    since = models.DateField(_("生效日期"), null=True, blank=True)
    enabled = models.BooleanField(_("启用"), default=True)

    class Meta:
        ordering = ("kind", "category_prefix", "pk")
        constraints = (
            models.UniqueConstraint("kind", "category_prefix", "step", name="one_line_a_step"),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.get_step_display()}"

    @property
    def text(self) -> str:
        return in_own(self.text_zh, self.text_en)
