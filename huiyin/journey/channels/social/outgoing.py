"""A file that goes with an answer, as a connector gets it."""

from __future__ import annotations

from dataclasses import dataclass

from huiyin.ground.sentence import sentence as _
from huiyin.journey.conversation.actions import Unfit, bytes_of
from huiyin.journey.conversation.models import Evidence
from huiyin.journey.conversation.rules import Going, Takes, sort_of, unfit


@dataclass(frozen=True)
class Outgoing:
    kind: str  # of `Takes`: how it goes
    name: str
    media_type: str
    sha256: str
    data: bytes


def outgoing(file: Evidence, sorts: tuple[Takes, ...]) -> Outgoing:
    """With its bytes; what the other side does not take by now is refused before it is sent."""
    kind = kind_of(file, sorts)
    media_type = file.media_type.partition(";")[0]
    return Outgoing(kind, file.name, media_type, file.sha256, bytes_of(file))


def kind_of(file: Evidence, sorts: tuple[Takes, ...]) -> str:
    going = Going(file.name, file.size)
    sort = sort_of(sorts, going)
    if sort is None:
        sentences = {
            "kind": _("平台不收这种文件"),
            "large": _("平台不收这么大的文件"),
            "small": _("平台说文件是空的"),
        }
        raise Unfit(sentences.get(unfit(sorts, going)[0], sentences["kind"]))
    return sort.kind
