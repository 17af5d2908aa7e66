"""What kind of promise a remedy is, by what it is called. Pure."""

from __future__ import annotations

from huiyin.journey.promises.words import PromiseKind

# The first that is found counts.
NAMED = (
    ("退", PromiseKind.REFUND),
    ("运费", PromiseKind.REFUND),
    ("换", PromiseKind.EXCHANGE),
    ("补发", PromiseKind.RESHIP),
    ("维修", PromiseKind.REPAIR),
    ("赔", PromiseKind.COMPENSATE),
    ("补偿", PromiseKind.COMPENSATE),
    ("券", PromiseKind.COMPENSATE),
    ("垫付", PromiseKind.COMPENSATE),
    ("说明", PromiseKind.REPLY),
    ("解释", PromiseKind.REPLY),
)


def kind_named(name: str) -> PromiseKind:
    return next((kind for part, kind in NAMED if part in name), PromiseKind.OTHER)
