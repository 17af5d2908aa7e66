"""Risk groups: a real fact or a real intent in this complaint (domain/conventions).

A strong phrase fires alone, a weak one needs a second of its group. What is negated, supposed,
told of others or masked (跳楼价, 工商银行) does not count; what is asked counts as weak. Threats by
us are `conduct`, not `legal_against_us`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from huiyin.journey.triage.rules import scope
from huiyin.journey.triage.rules.amounts import Amount
from huiyin.journey.triage.rules.context import BREAK, Context, Status
from huiyin.journey.triage.rules.lexicon import STRONG, Hit, Phrase
from huiyin.journey.triage.rules.spans import Spans

HEAVY_YUAN = 10_000
GROUPS = (
    "safety",
    "self_harm",
    "fraud",
    "leak",
    "heavy_loss",
    "legal_against_us",
    "regulator",
    "media",
    "vulnerable",
    "group_event",
)
CONDUCT = "conduct"
# Conditions on our behaviour with a stated consequence count in these groups.
THREATS = frozenset({"self_harm", "legal_against_us", "regulator", "media", "group_event"})
# Facts about a person; "if" and "afraid" before them do not undo them (怕孩子…).
PLAIN = frozenset({"vulnerable"})
# What these masks cover is no seed of a category either (跳楼价, 电脑中毒).
MASKED_SEEDS = frozenset({"all", "safety", "fraud", "self_harm"})
# Channels through which the authority itself speaks: its name is then no threat.
CHANNEL_OF_AUTHORITY = "regulator"

AT_CUSTOMER = re.compile(
    r"^(?:了|过)?(?:我(?!司|行|公司|方|店|们公司|们店|们平台)|本人|咱|客户(?!服)|用户|消费者|上门)"
)
# 要把我告上法庭
BROUGHT_CUSTOMER = re.compile(r"(?:把|将|对)(?:我|本人|客户|用户)(?:告上|告到|送上)?$")
THEM_BEFORE = re.compile(
    r"(?:你们|贵司|贵公司|催收|对方|他们|平台|公司|客服|银行|短信|来电|电话|工作人员|商家|店家|他|她|法务|律师|信里|说|威胁|恐吓|扬言|声称|收到)"
    r"(?P<between>[^,。!?;\n]{0,9})$"
)
SELF_BEFORE = re.compile(
    r"我(?!司|行|公司|方|店)|本人|自己|咱|客户|用户|消费者|市民|来电人|家属|业主"
)
# 市场监管局对面, 在税务局上班, 门口贴着监督电话12315: where something is, not who is approached.
PLACE_AFTER = re.compile(
    r"^(?:局|大楼|大院|分局)?(?:对面|旁边|门口|附近|隔壁|楼下|楼上|路口|公交站|地铁站|家属院|宿舍|食堂|停车场|北门|南门|东门|西门)"
)
POSTED_BEFORE = re.compile(r"(?:贴|公示|写|标|印|张贴|公布|悬挂)[着有了]?[^,。!?;\n]{0,8}$")
WORKS_THERE = re.compile(r"(?:客户|用户|我|本人|他|她|丈夫|妻子|老公|老婆|爱人)(?:为|是|系|在)$")
EMPLOYED_AFTER = re.compile(r"^(?:的)?(?:工作人员|员工|职工|干部|上班|工作|家属)")
# 你们的广告在电视台天天放, 你们把我的…发在公众号: published by us, not by the customer.
WE_PUBLISH = re.compile(
    r"(?:你们|你家|贵司|贵公司|商家|店家|平台)(?:的?(?:广告|宣传|推广|宣传片)|把我|将我|把客户|把用户)[^,。!?;\n]{0,20}$"
)
HYPERBOLE = re.compile(
    r"(?:虐得我?|丑得我?|气得|急得|烦得|恨不得|累得|热得|笑得|困得|无聊得|尴尬得|难吃得|被你们气|把人气)[^,。]{0,6}$"
)
PRODUCT_AFTER = re.compile(
    r"^(?:的?(?:衣服|鞋|玩具|绘本|课程|教材|座椅|餐椅|手表|套餐|票|装|床|车|房|奶粉|尿不湿|纸尿裤|用品|节|区|频道|频道|专区|书包|书桌|家具|卡|机(?!会)|照|裤|帽|背包|水杯|牙刷|牙膏|霜|面霜|浴盆|推车|专柜|乐园|游泳|英语|模式|锁|鞋垫|拐杖|助听器|代步车|保健品|公寓))"
)
IF_BEFORE = re.compile(r"(?:如果|要是|万一|假如|若是)[^,。!?;\n]{0,6}$")
ASKED = re.compile(r"[吗么呢][?。]?$|\?$")
HARM_NEAR = re.compile(
    r"烫|烧伤|触电|电到|过敏|发烧|住院|摔|跌|受伤|伤|中毒|拉肚子|腹泻|吐|呛|噎|窒息|卡住|夹|咬|吓|(?<!难)哭|骨折|起疹|红疹|湿疹|流血|医院|被骗|骗|充值|打赏|看病|吃|喝|病|晕|疼|痛|皮肤|没奶|哮喘|受罪|冻|感冒|饿|睡不|烂|痒|羞辱|体罚|霸凌|欺负|欺凌|割|身份证|住址|划|喉咙|勒|扎"
)


@dataclass(frozen=True, slots=True)
class Find:
    """A find that counts: text[start:end] speaks for `group`, strongly or not."""

    group: str
    start: int
    end: int
    strong: bool


@dataclass
class Risks:
    """`groups` fired; `finds` are theirs; `hints` are weak finds that did not suffice."""

    groups: frozenset[str] = frozenset()
    finds: list[Find] = field(default_factory=list)
    hints: list[Find] = field(default_factory=list)
    blocked: list[tuple[int, int]] = field(default_factory=list)
    conduct: bool = False


def assess(
    text: str, hits: Sequence[Hit[Phrase]], money: Sequence[Amount], *, channel: str = ""
) -> Risks:
    """Which groups fire, and every find behind them. `channel`: of complaint.words.Channel."""
    context = Context.of(text)
    masks = [(h.key.group[5:], h.start, h.end) for h in hits if h.key.group.startswith("mask:")]
    masked = {
        group: Spans((start, end) for said, start, end in masks if said in (group, "all"))
        for group in (*GROUPS, CONDUCT)
    }
    finds: list[Find] = []
    blocked = [(start, end) for group, start, end in masks if group in MASKED_SEEDS]
    for hit in hits:
        if hit.key.group.startswith("mask:"):
            continue
        find = _weigh(text, hit, context, masked, channel)
        if find is None:
            blocked.append((hit.start, hit.end))
        else:
            finds.append(find)
    finds += _losses(text, money, context)
    finds += _affected(text, finds)
    finds += [Find("group_event", *span, strong=True) for span in scope.together(text)]
    return _fired(text, finds, blocked)


def _weigh(
    text: str,
    hit: Hit[Phrase],
    context: Context,
    masked: Mapping[str, Spans],
    channel: str,
) -> Find | None:
    group, strong = hit.key.group, hit.key.weight == STRONG
    if group in masked and masked[group].touch(hit.start, hit.end):
        return None
    if group in PLAIN:
        return _person(text, hit, context, strong=strong)
    if group == "regulator" and channel == CHANNEL_OF_AUTHORITY:
        strong = False
    status = context.status(hit.start, hit.end, threat=group in THREATS)
    if status is Status.NOT_SO:
        return None
    if _stands_there(text, hit, context):
        return None
    if group == "legal_against_us" and _threatens_customer(text, hit, context):
        return Find(CONDUCT, hit.start, hit.end, strong=True)
    if group == "self_harm" and HYPERBOLE.search(text[max(0, hit.start - 8) : hit.start]):
        strong = False
    return Find(group, hit.start, hit.end, strong and status is Status.SO)


def _stands_there(text: str, hit: Hit[Phrase], context: Context) -> bool:
    """An authority or a paper that is only named as a place, a poster, an employer, our advert."""
    begin, _ = context.clause(hit.start)
    before = text[max(begin, hit.start - 24) : hit.start]
    after = text[hit.end : hit.end + 8]
    if hit.key.group == "media":
        return bool(WE_PUBLISH.search(before))
    if hit.key.group != "regulator":
        return False
    employed = WORKS_THERE.search(before) and EMPLOYED_AFTER.match(after)
    place = PLACE_AFTER.match(after) and not before.endswith(("去", "上", "找"))
    return bool(place or POSTED_BEFORE.search(before) or employed)


def _threatens_customer(text: str, hit: Hit[Phrase], context: Context) -> bool:
    """你们说要起诉我, 收到你们的律师函: conduct of ours, not of the customer."""
    begin, _ = context.clause(hit.start)
    before = text[max(begin, hit.start - 16) : hit.start]
    if AT_CUSTOMER.match(text[hit.end : hit.end + 4]) or BROUGHT_CUSTOMER.search(before):
        return True
    found = THEM_BEFORE.search(before)
    return (
        bool(found)
        and not SELF_BEFORE.search(before[found.start() if found else 0 :])
        and (not before.endswith(("向", "将向", "对")))
        and not re.search(r"我|本人|客户|用户", before)
    )


def _person(text: str, hit: Hit[Phrase], context: Context, *, strong: bool) -> Find | None:
    after = text[hit.end : hit.end + 6]
    begin, stop = context.clause(hit.start)
    # 如果孩子用了过敏能退吗? nobody is concerned yet.
    asked = IF_BEFORE.search(text[max(begin, hit.start - 8) : hit.start]) and ASKED.search(
        text[hit.end : stop]
    )
    if PRODUCT_AFTER.match(after) or asked:
        return None
    return Find("vulnerable", hit.start, hit.end, strong)


def _losses(text: str, money: Sequence[Amount], context: Context) -> list[Find]:
    return [
        Find("heavy_loss", amount.start, amount.end, strong=True)
        for amount in money
        if amount.lost
        and amount.yuan >= HEAVY_YUAN
        and context.status(amount.start, amount.end) is not Status.NOT_SO
    ]


def _affected(text: str, finds: Sequence[Find]) -> list[Find]:
    """Ages, and weak words for a child or an old person near words of harm."""
    found = [Find("vulnerable", start, end, strong=True) for _, start, end in scope.ages(text)]
    for find in finds:
        if find.group == "vulnerable" and not find.strong:
            near = text[find.end : find.end + 14]
            if HARM_NEAR.search(BREAK.split(near)[0]):
                found.append(Find("vulnerable", find.start, find.end, strong=True))
    return found


def _fired(text: str, finds: Sequence[Find], blocked: list[tuple[int, int]]) -> Risks:
    groups = set()
    for group in GROUPS:
        own = [find for find in finds if find.group == group]
        weak = {} if group in PLAIN else {text[f.start : f.end]: (f.start, f.end) for f in own}
        # The same weak word said twice is one; so are two that overlap.
        if any(find.strong for find in own) or len(_apart(set(weak.values()))) >= 2:
            groups.add(group)
    counted = [find for find in finds if find.group in groups or find.group == CONDUCT]
    return Risks(
        groups=frozenset(groups),
        finds=counted,
        hints=[find for find in finds if find.group not in groups and find.group != CONDUCT],
        blocked=blocked,
        conduct=any(find.group == CONDUCT for find in finds),
    )


def _apart(spans: set[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans that do not overlap: two finds of the same words are one."""
    kept: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if not kept or start >= kept[-1][1]:
            kept.append((start, end))
    return kept
