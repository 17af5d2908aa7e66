"""The sentence to say back to the customer, and which elements a text already holds."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from itertools import pairwise

from huiyin.journey.triage.rules.context import BREAK

LEAD = re.compile(
    r"^(?:您好|你好|尊敬的客服|客服|我要投诉|投诉|但是|但|而且|并且|然后|所以|因此|结果|可是|"
    r"因为|另外|还有|就是|现在|[0-9一二三四五][、.])+[,: ]?"
)
NOTE_LEAD = re.compile(
    r"^(?:客户|用户|来电人|顾客|消费者|市民)(?:来电|致电)?(?:反映|反馈|表示|称|诉|投诉|说|提出|要求)[:,]?"
)
WANTED = re.compile(
    r"(?:要求|希望|请求|我要|我想要?|想要|请(?:你们|贵公司|尽快|帮|给|核实|处理)|必须|申请|诉求[:是]?|强烈要求|麻烦)(?P<what>[^。!?;\n]{2,40})"
)
REMEDY = re.compile(
    r"退[货款费钱还]|换[货新]|赔|补[发偿]|维修|修好|道歉|解释|说法|取消|注销|更正|删除|恢复|处理|解决|核实|减免|返还|开通|上门|回[复电]|联系"
)
WHEN = re.compile(
    r"[0-9]{4}[年\-/.][0-9]{1,2}[月\-/.][0-9]{1,2}日?|[0-9]{1,2}月(?:[0-9]{1,2}[日号])?|[0-9]{1,2}[日号](?!码)|昨[天晚日]|今[天早晚日]|前天|上(?:周|个?月|星期)[一二三四五六日天]?|"
    r"(?:[0-9一二两三四五六七八九十]{1,6})(?:天|周|个月|年)(?:前|以前|之前)|双十一|双11|去年|刚才|刚刚|最近|国庆|春节"
)
ORDER = re.compile(
    r"(?:订单|单号|运单|快递单|编号|合同号?|保单|账单|卡号|工单)[^,。!?;\n]{0,6}[a-z0-9\-]{5,}|(?<![0-9])[0-9]{10,20}(?![0-9])"
)
THING = re.compile(
    r"买[了的]|购买|下单|订[了购]|办[了理]|店|商城|门店|超市|营业厅|平台|快递|公司|手机|宽带|套餐|空调|冰箱|衣服|食品|卡"
)
LONGEST_CLAUSE = 42
MOST_CLAUSES = 2


def restate(
    text: str, spans: Iterable[tuple[int, int, float]], wanted: str = ""
) -> tuple[str, str]:
    """(what happened, what is wanted) in the customer's own words, turned to 您; "" when unclear.

    `spans` are finds with their weight; the heaviest clauses are taken, in their order.
    """
    clauses = _clauses(text)
    weights = [0.0] * len(clauses)
    begins = [begin for begin, _stop in clauses]
    for start, end, weight in spans:
        # A find seldom reaches over more than two clauses.
        for at in range(max(0, bisect_right(begins, start) - 1), bisect_left(begins, end)):
            if start < clauses[at][1]:
                weights[at] += weight
    asked = _wanted(text) if not wanted.strip() else wanted.strip()
    chosen = sorted(
        (at for at in range(len(clauses)) if weights[at] > 0), key=lambda at: (-weights[at], at)
    )
    said: list[str] = []
    for at in sorted(chosen[: MOST_CLAUSES + 1]):
        words = _clean(text[slice(*clauses[at])])
        if len(words) >= 4 and words not in asked and len(said) < MOST_CLAUSES:
            said.append(words)
    return "，".join(said), _clean(asked)


def _clauses(text: str) -> list[tuple[int, int]]:
    cuts = [0, *(found.end() for found in BREAK.finditer(text[:4000])), min(len(text), 4000)]
    return [(a, b) for a, b in pairwise(cuts) if b - a > 1][:400]


def _clean(clause: str) -> str:
    clause = BREAK.sub("", clause).strip(" \t\"'")
    clause = LEAD.sub("", NOTE_LEAD.sub("", clause)).strip()
    clause = clause.replace("我们公司", "我司").replace("我们", "您").replace("本人", "您")
    clause = re.sub(r"我(?!司|行|方)", "您", clause).replace("你们", "我们").replace("您您", "您")
    return clause if len(clause) <= LONGEST_CLAUSE else clause[: LONGEST_CLAUSE - 1] + "…"


def _wanted(text: str) -> str:
    best = ""
    for found in WANTED.finditer(text[:4000]):
        if REMEDY.search(found["what"]):
            best = BREAK.split(found["what"])[0] if not REMEDY.search(best) or not best else best
    return best


def elements(text: str, *, has_amount: bool) -> tuple[str, ...]:
    """Which elements of domain §7.7 the text itself tells: when, order, thing, amount, wanted."""
    found = {
        "when": WHEN.search(text),
        "order": ORDER.search(text),
        "thing": THING.search(text),
        "amount": has_amount or None,
        "wanted": WANTED.search(text) or REMEDY.search(text),
    }
    return tuple(name for name, there in found.items() if there)
