"""What the system says in a chat: written for the visitor in his language, told to us in ours."""

from __future__ import annotations

import re
from functools import cache

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

# As the visitor reads it → as whoever sits at the desk reads it.
FOR_US = {
    gettext_noop("%(name)s 为您服务"): gettext_lazy("%(name)s 接待了访客"),
    gettext_noop("已为您转接，%(name)s 继续为您服务"): gettext_lazy("已转给 %(name)s"),
    gettext_noop("正在为您转接，请稍候"): gettext_lazy("已转给另一个小组，排队中"),
    gettext_noop("客服已结束会话"): gettext_lazy("客服已结束会话"),
    gettext_noop("您已结束会话"): gettext_lazy("访客已结束会话"),
    gettext_noop("很久没有回应，会话已结束"): gettext_lazy("访客很久没有回应，会话已结束"),
    gettext_noop("已转为留言，我们会尽快回复您"): gettext_lazy("没有人应答，已转为留言"),
    gettext_noop("您还在吗？如果没有别的问题，会话稍后会自动结束"): gettext_lazy(
        "已提醒访客：再不回应，会话会自动结束"
    ),
    gettext_noop("客服暂时离开了，正在为您安排另一位同事，您排在最前面"): gettext_lazy(
        "接待人离开或没有应答，已放回队列最前面"
    ),
}
LANGUAGES = ("zh-hans", "en")


def for_us(text: str) -> str:
    """The same in the reader's language and view; what is none of these stays as it was said."""
    for pattern, sentence in _patterns():
        if found := pattern.fullmatch(text):
            return str(FOR_US[sentence]) % found.groupdict()
    return text


@cache
def _patterns() -> list[tuple[re.Pattern[str], str]]:
    """Lines are kept as they were said to the visitor, in whichever language he speaks."""
    found = []
    for language in LANGUAGES:
        with translation.override(language):
            found += [(_pattern(_(sentence)), sentence) for sentence in FOR_US]
    return found


def _pattern(said: str) -> re.Pattern[str]:
    before, name, after = said.partition("%(name)s")
    between = "(?P<name>.+)" if name else ""
    return re.compile(re.escape(before) + between + re.escape(after), re.DOTALL)
