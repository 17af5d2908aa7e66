"""The transcript: every line in its order, as it was said."""

from __future__ import annotations

from django.utils import timezone

from huiyin.ground.sentence import sentence as _
from huiyin.journey.channels.chat.models import Chat, ChatFile, Line
from huiyin.journey.channels.chat.words import By
from huiyin.journey.conversation.rules import LONGEST_TEXT


def words_of(chat: Chat) -> str:
    """What the visitor said, line by line; what is beyond a complaint's length is in the
    transcript."""
    said = chat.lines.filter(kind=By.VISITOR).exclude(text="").values_list("text", flat=True)
    return "\n".join(said)[:LONGEST_TEXT].strip()


def files_of(chat: Chat) -> list[ChatFile]:
    """Those that were said, not those that were put and never sent."""
    return list(chat.files.exclude(line=None))


def transcript(chat: Chat) -> str:
    """As the visitor may have it: whispers stay with us."""
    head = [
        _("在线会话 %(site)s") % {"site": chat.site.name},
        _("开始：%(time)s") % {"time": _time(chat.asked_at)},
        *(f"{label}：{said}" for label, said in chat.before.items()),
    ]
    if chat.page_url:
        head.append(_("所在页面：%(page)s") % {"page": chat.page_url})
    lines = chat.lines.for_visitor().select_related("by", "file")
    return "\n".join([*head, "", *(_line(chat, line) for line in lines), ""])


def _line(chat: Chat, line: Line) -> str:
    who = {
        By.VISITOR: chat.shown_name,
        By.AGENT: line.by.name if line.by else "",
        By.SYSTEM: _("系统"),
    }[By(line.kind)]
    words = [line.text] if line.text else []
    if line.file is not None:
        words.append(_("［文件］%(name)s") % {"name": line.file.name})
    return f"[{_time(line.at)}] {who}：{' '.join(words)}"


def _time(at: object) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M:%S}"  # type: ignore[arg-type]
