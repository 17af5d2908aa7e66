"""Tables a manager can read: what is a risk, a feeling, a severity, a category, and what is not.

The expected values are readings of the conventions by a person. `unseen` rows were written after
the words had been settled for the others.
"""

from collections import Counter
from decimal import Decimal

import pytest

from huiyin.journey.triage import rules
from tests.triage.conftest import CATEGORIES, LEXICON, POINTS, read, table

RISKS = table("risk_texts")
FEELINGS = table("emotion_texts")
BANDS = {"calm": (0, 30), "mild": (31, 50), "clear": (51, 70), "strong": (71, 85)}
BANDS["extreme"] = (86, 100)
GRADES = list(BANDS)


def grade(intensity):
    return next(name for name, (low, high) in BANDS.items() if low <= intensity <= high)


def test_the_table_of_risks_is_large_and_nearly_half_traps():
    assert len(RISKS) >= 300
    assert 0.4 <= sum(not row["risks"] for row in RISKS) / len(RISKS) <= 0.6


def test_risks_are_found_and_traps_are_not():
    right: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    invented: Counter[str] = Counter()
    for row in RISKS:
        expected, found = set(row["risks"].split()), set(read(row["text"]).risks)
        right.update(expected & found)
        missed.update(expected - found)
        invented.update(found - expected)
    recall = right.total() / (right.total() + missed.total())
    precision = right.total() / (right.total() + invented.total())
    print(f"\nrisk: recall {recall:.3f}, precision {precision:.3f} of {len(RISKS)} texts")
    assert recall >= 0.97, missed
    assert precision >= 0.9, invented
    for group, count in right.items():  # no group is carried by the others
        assert count / (count + missed[group]) >= 0.9, group
        assert count / (count + invented[group]) >= 0.8, group


@pytest.mark.parametrize(
    ("text", "group"),
    [
        ("我要告你们！", "legal_against_us"),
        ("再不处理我就去消协投诉", "regulator"),
        ("不退款我就找记者曝光", "media"),
    ],
)
def test_a_condition_on_our_behaviour_is_a_threat(text, group):
    assert group in read(text).risks


@pytest.mark.parametrize(
    "text", ["你们催收说要起诉我", "收到你们发来的律师函", "平台客服威胁我说要把我告上法庭"]
)
def test_a_threat_of_ours_is_conduct_and_no_legal_risk(text):
    reading = read(text)
    assert reading.conduct
    assert "legal_against_us" not in reading.risks


def test_the_name_of_the_channel_is_no_threat():
    text = "12345转办：市民反映路灯不亮"
    assert "regulator" not in read(text, channel="regulator").risks


def test_feelings_are_named_and_graded():
    named = sum(read(row["text"]).emotion == row["emotion"] for row in FEELINGS)
    off = [
        (row["text"], row["strength"], read(row["text"]).intensity)
        for row in FEELINGS
        if abs(GRADES.index(grade(read(row["text"]).intensity)) - GRADES.index(row["strength"])) > 1
    ]
    print(
        f"\nemotion: {named / len(FEELINGS):.3f} of {len(FEELINGS)} texts named as a person would"
    )
    assert len(FEELINGS) >= 80
    assert named / len(FEELINGS) >= 0.9
    assert len(off) / len(FEELINGS) <= 0.05, off


@pytest.mark.parametrize("row", table("severity_scenes"), ids=lambda row: row["scene"])
def test_severity(row):
    reading = read(row["text"], contact_count=int(row["contacts"]), category=row["category"])
    keys = [point.key for point in reading.points]
    assert reading.severity == int(row["severity"]), keys
    assert row["because"] in keys


def test_categories_are_among_the_first_two_suggestions():
    texts = table("category_texts")
    first = second = 0
    for row in texts:
        codes = [guess.code for guess in read(row["text"]).guesses]
        first += codes[0] == row["category"]
        second += row["category"] in codes[:2]
    print(f"\ncategory: top-1 {first / len(texts):.3f}, top-2 {second / len(texts):.3f}")
    assert len(texts) >= 150
    assert {row["category"] for row in texts} <= set(CATEGORIES)
    assert second / len(texts) >= 0.9


def test_every_category_can_be_suggested():
    """A leaf without words is never suggested; only the one for what fits nowhere has none."""
    leaves = {code for code in CATEGORIES if code.count(".") == 2}
    assert {c for c in leaves if not CATEGORIES[c].seeds} == {"OT.04.01"}


@pytest.mark.parametrize(
    ("text", "urgency"),
    [
        ("煤气味很大，报警器还在响，快来人", "now"),
        ("骗子刚刚转走我卡里的钱，还在不断扣款", "now"),
        ("孩子被热水烫伤，正在医院抢救", "now"),
        ("我不想活了", "now"),
        ("请在两小时内给我答复，今晚的飞机", "now"),
        ("我已经向市场监管局投诉了", "soon"),
        ("再不处理就曝光你们", "soon"),
        ("三天内给我退款", "soon"),
        ("家里断网了", "soon"),
        ("建议在二楼增加一个饮水机", "normal"),
        ("杯子颜色发错了，想换一个", "normal"),
        ("上周买的台灯开关接触不良", "normal"),
    ],
)
def test_urgency(text, urgency):
    assert read(text).urgency == urgency


@pytest.mark.parametrize(
    ("text", "scope", "people"),
    [
        ("我买的杯子碎了", "single", None),
        ("我们三个人都没有收到货", "several", 3),
        ("我和同事都被多扣了钱", "several", None),
        ("我们小区有八十户停水", "group", 80),
        ("全班孩子都拉肚子", "group", None),
        ("全市用户都不能上网", "public", None),
        ("前面排队的有三十个人", "single", None),
        ("你们有一百多名员工，没有一个管事的", "group", 100),
    ],
)
def test_scope(text, scope, people):
    reading = read(text)
    assert (reading.scope, reading.people) == (scope, people)


@pytest.mark.parametrize(
    ("text", "yuan", "lost"),
    [
        ("被骗走三万五", "35000", True),
        ("退款一百二十块五没到账", "120.5", True),
        ("扣了我1.2万", "12000", True),
        ("两百五十元", "250", False),
        ("货款壹拾贰万元拖了半年", "120000", True),
        ("损失￥12,345.60", "12345.60", True),
        ("要求赔偿十万元", "100000", False),
        ("没有造成损失，押金一万元退了", "10000", False),
    ],
)
def test_amounts(text, yuan, lost):
    (amount,) = read(text).amounts
    assert (amount.yuan, amount.lost) == (Decimal(yuan), lost)


def test_order_numbers_dates_and_counts_are_no_money():
    for text in ("订单号20230000158", "3月15日买的", "一万多粉丝", "打了三次电话"):
        assert read(text).amounts == ()


def test_a_vip_is_raised_among_equals_and_not_in_severity():
    plain, vip = read("杯子颜色发错了"), read("杯子颜色发错了", level="vip")
    assert (plain.raised, vip.raised) == (False, True)
    assert plain.severity == vip.severity


def test_a_row_of_the_table_decides_and_can_be_switched_off():
    without = tuple(row for row in POINTS if row.key != "floor.media")
    text, facts = "再不处理我就曝光你们", rules.Facts(category="DL.01.01")
    assert read(text, category="DL.01.01").severity == 2
    other = rules.read(text, lexicon=LEXICON, categories=CATEGORIES, table=without, facts=facts)
    assert other.severity == 3
