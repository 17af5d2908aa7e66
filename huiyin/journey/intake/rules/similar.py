"""How alike two tellings are. Pure; candidates are chosen by the database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from math import log

from huiyin.ground.search.rules import tokens

# Pairs that stand in every second complaint tell nothing apart.
COMMON_PAIRS = """
我的 你们 我们 他们 没有 一个 什么 怎么 不是 就是 这个 那个 现在 已经 可以 时候 因为 所以 但是
还是 客服 投诉 处理 问题 要求 希望 公司 联系 电话 今天 昨天 上周 知道 解决 给我 说是 是我 不能
不到 了一
"""
COMMON = frozenset(COMMON_PAIRS.split())
MOST = 12


def telling_bigrams(text: str, *, most: int = MOST) -> list[str]:
    """The pairs by which to look for the same story, in order of appearance.

    Commonness in the archive is not asked for here (a count costs a scan): what is repeated in
    this text comes first, then longer Latin words such as model and batch numbers.
    """
    found = [t for t in tokens(text[:600]) if len(t) > 1 and t not in COMMON]
    times = Counter(found)
    first = {token: place for place, token in reversed(list(enumerate(found)))}
    best = sorted(times, key=lambda t: (-(t.isascii() and len(t) > 3), -times[t], first[t]))
    return sorted(best[:most], key=first.__getitem__)


def likeness(text: str, others: Sequence[str]) -> list[float]:
    """0…1 for each other text: shared pairs weighted by rarity among all texts given here."""
    mine = _pairs(text)
    theirs = [_pairs(other) for other in others]
    everywhere = Counter(pair for pairs in [mine, *theirs] for pair in pairs)
    among = len(theirs) + 1
    weight = {pair: log(1 + among / times) for pair, times in everywhere.items()}
    return [_overlap(mine, pairs, weight) for pairs in theirs]


def _pairs(text: str) -> frozenset[str]:
    return frozenset(t for t in tokens(text[:600]) if len(t) > 1 and t not in COMMON)


def _overlap(a: frozenset[str], b: frozenset[str], weight: dict[str, float]) -> float:
    """Overlap by the shorter of the two: a short report of the same story is the same story."""
    if not a or not b:
        return 0.0
    return _sum(a & b, weight) / min(_sum(a, weight), _sum(b, weight))


def _sum(pairs: Iterable[str], weight: dict[str, float]) -> float:
    return sum(weight[pair] for pair in pairs)
