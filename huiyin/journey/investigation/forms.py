"""A finding as it was typed: rows that nobody filled in are none."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from huiyin.ground.refusal import Invalid
from huiyin.journey.investigation.actions import Support
from huiyin.journey.investigation.words import Party

SHARE = "share."  # begins the name of a party's box: share.RSP.1


def asked(post: QueryDict) -> dict[str, Any]:
    """The arguments of `find`."""
    return {
        "facts": post.get("facts", ""),
        "cause": post.get("cause", ""),
        "liability": post.get("liability", ""),
        "shares": _shares(post),
        "whys": post.getlist("whys"),
        "recommendation": post.get("recommendation", ""),
        "proofs": _proofs(post),
    }


def _shares(post: QueryDict) -> list[tuple[str, int]]:
    typed = {party: post.get(f"{SHARE}{party}", "").strip() for party in Party.values}
    return [(party, _percent(text)) for party, text in typed.items() if text not in ("", "0")]


def _percent(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= 3):
        sentence = _("每个比例填 1 到 100 的整数")
        raise Invalid(sentence, shares=sentence)
    return int(text)


def _proofs(post: QueryDict) -> list[Support]:
    rows = zip(
        post.getlist("proof"), post.getlist("proof_fact"), post.getlist("proof_place"), strict=False
    )
    return [Support(*row) for row in rows if row[1].strip() or row[2].strip()]
