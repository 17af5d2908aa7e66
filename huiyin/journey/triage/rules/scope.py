"""How many are concerned, how often one has asked, how soon it matters, who is affected."""

from __future__ import annotations

import re

from huiyin.journey.triage.rules.amounts import HAN, chinese_number

SINGLE, SEVERAL, GROUP, PUBLIC = "single", "several", "group", "public"
NOW, SOON, NORMAL = "now", "soon", "normal"
N = rf"(?:[0-9]{{1,6}}|[{HAN}]{{1,8}})"

PEOPLE = re.compile(
    rf"(?P<n>{N}|十几|几十|上百|几百|上千|数百|数十|好几|几)(?P<more>多|余|来)?\s?(?:个|名|位)?(?P<what>户|家人|家庭|人|名|客户|用户|业主|居民|学生|同学|顾客|消费者|同事|员工|孩子|家长|乘客|村民|商户|邻居|位)(?!民币|工|次|格|员|均|份|机|生|家)"
)
TOGETHER = re.compile(
    rf"(?:{N}|十几|几十|上百|几百|上千|数百|数十|好几)(?:多|余|来)?\s?(?:个|名|位|号)?(?:户|人|家|业主|住户|家长|学员|车主|会员|员工|工人|商户|租户|村民|居民|同学)"
    r"[^,。!?;\n]{0,10}?(?:联名|联署|联合|签[了字名]|一起(?:去|来|到|找|谈|投诉|维权|讨|告|不交|抵制)|集体|聚[在到集]|集合|维权|约好|商量好|说好|拒交|抵制|围[住堵在了]|堵[住门在了]|罢[工课市]|讨说法|讨要)"
)
ROUND = {
    "十几": 11,
    "几十": 20,
    "上百": 100,
    "几百": 200,
    "数百": 200,
    "数十": 20,
    "上千": 1000,
    "好几": 3,
    "几": 3,
}
GROUP_WORDS = re.compile(
    r"整个小区|整栋|全小区|整幢|整条街|全村|整个村|全班|整个班|全校|全公司|整个公司|整层|整个单元|全楼|一栋楼|周围邻居都|业主们|家长们|"
    r"全体(?:业主|员工|居民|学生)|小区(?:里|内)?(?:都|所有|很多|许多|多户)|大批|一大批|许多(?:人|客户|用户|业主|居民)|很多(?:人|客户|用户|业主|居民|消费者|同学)|大量(?:用户|客户|消费者)|众多"
)
PUBLIC_WORDS = re.compile(
    r"全市|全城|全国|全省|全网|社会公众|大面积|所有(?:用户|客户|消费者|人)都|公共(?:安全|卫生)|整个(?:城市|地区|片区|县)|全区|广大(?:用户|消费者|群众)"
)
SEVERAL_WORDS = re.compile(
    r"我们(?:两|三|四|几)(?:个|人|家)|一家(?:[三四五六]|[3-6])口|全家|我和(?:我)?(?:同事|朋友|老公|老婆|爱人|家人|妈妈|爸爸|孩子|室友|邻居)|好几个人|几个(?:人|朋友|同事|邻居)|不止我一个|不只我一个|其他人也|邻居也|同事也|朋友也"
)
ALONE = re.compile(
    r"(?:排队|排了|前面|客服|工作人员|评价|评论|关注|粉丝|店员|师傅|人均|人份|等)[^,。]{0,6}$"
)

REPEAT = re.compile(
    rf"(?:打了|打过|拨打|联系了|联系过|投诉了|投诉过|反映了|反映过|报修了|报修过|催了|催过|问了|找了|找过|来电|致电|去了|跑了|申请了|沟通了|说了|报障)[^,。!?;\n]{{0,8}}?(?P<n>{N}|无数|好几|多|几|数)(?P<more>多|余|来)?(?:次|遍|回|趟|通|个电话)"
    rf"|(?P<n2>第(?P<nth>{N}))(?:次|回|遍|通)[^,。!?;\n]{{0,6}}?(?:投诉|反映|来电|打|联系|报修|致电|催|找|问)"
    r"|(?P<many>多次|反复|再三|屡次|一再|三番五次|无数次|好几次|几次三番|不止一次)[^,。!?;\n]{0,8}?(?:投诉|反映|来电|打电话|联系|报修|致电|催|沟通|找|申请|要求|拨打|协商|反馈|询问|申诉)"
    r"|(?P<again>再次(?:投诉|来电|反映|致电|报修)|重复(?:投诉|来电|报修)|又(?:来投诉|打来|来电)|投诉多次|反映多次|联系多次|催了多次|沟通多次)"
)
MANY = 3

NOW_WORDS = re.compile(
    r"马上|立刻|立即|正在|现在就|还在(?:漏|冒|烧|扣|转|流血|吐|发烧|抢救|住院|医院)|火速|十万火急|救命|快来人|困在|被困|人命|危险|刚刚|(?:今天|今晚|今早|明早|明天)[^,。!?;\n]{0,8}(?:前|要用|必须|到期|截止|出发|手术|结婚|考试|飞|上飞机)|(?:[0-9一二两三几半]{1,6}个?)小时(?:内|之内|后)(?!没|未|才)|急需|急用|等米下锅|来不及|加急"
)
SOON_WORDS = re.compile(
    r"尽快|抓紧|赶紧|赶快|催|(?:[0-9一二两三四五六七]{1,6})(?:天|日|个工作日)(?:内|之内)|本周|这周|周末前|月底前|(?:后天|下周|月底|本周|周[一二三四五六日])[^,。!?;\n]{0,8}(?:前|要|必须|到期|截止|出发|手术|结婚|考试)|限期|最后期限|断网|停水|停电|没网|无法上网|上不了网|没有信号|无信号|无法通话|断气|没暖气|暖气不热|无法使用|影响(?:工作|上班|生活|上课|经营|营业)|业务中断"
)
ONGOING = re.compile(r"还在|正在|继续|不停|一直在|仍在|持续|随时|现在")
FRESH = re.compile(r"刚刚|刚才|今天|今早|今晚|昨晚|昨天|现在|目前|还在|正在|住院|急诊|抢救|医院")
MONEY_FLOWING = re.compile(
    r"(?:还在|正在|不断|持续|一直|每天|又)[^,。!?;\n]{0,6}(?:扣|转|刷|划)|刚刚?[^,。!?;\n]{0,8}(?:转|刷|扣|汇|被骗|付)|冻结(?:卡|账户)|止付|马上冻结|盗刷"
)
OUTAGE = re.compile(
    r"停水|停电|断网|没网|断气|无法上网|上不了网|不能上网|无信号|没有信号|没信号|无法通话|没暖气|暖气不热|系统瘫痪|业务中断|专线[^,。!?;\n]{0,6}中断|大面积"
)

AGE = re.compile(
    rf"(?P<n>[0-9]{{1,3}}|[{HAN}]{{1,4}})(?P<more>多|余|来|几)?(?:周?岁|个月大)(?P<after>以上|以下|以内|适用|起|半以上|\+)?"
)
OLD = re.compile(
    r"古稀|花甲|耄耋|(?:[六七八九]旬|[六七八九]十多岁|[六七八九]十几岁|[六七八九]十来岁|[七八九]十[一二三四五六七八九]?(?:了(?!解)|岁)|快[七八九]十了?(?=[,。的]|$))"
)


def number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() else chinese_number(text)


def scope(text: str) -> tuple[str, int | None, tuple[int, int] | None]:
    """(scope, how many people when stated, where) — single, several 2–9, group ≥ 10, public."""
    if found := PUBLIC_WORDS.search(text):
        return PUBLIC, None, found.span()
    most: tuple[int, tuple[int, int]] | None = None
    for found in PEOPLE.finditer(text):
        if ALONE.search(text[max(0, found.start() - 8) : found.start()]):
            continue
        said = found["n"]
        count = ROUND.get(said) or number(said) or 1
        if found["what"] in {"名", "位"} and count == 1:
            continue
        if most is None or count > most[0]:
            most = count, found.span()
    if most and most[0] >= 10:
        return GROUP, most[0], most[1]
    if found := GROUP_WORDS.search(text):
        return GROUP, most[0] if most else None, found.span()
    if most and most[0] >= 2:
        return SEVERAL, most[0], most[1]
    if found := SEVERAL_WORDS.search(text):
        return SEVERAL, None, found.span()
    return SINGLE, None, None


def together(text: str) -> list[tuple[int, int]]:
    """Where a number of people are said to act as one (二十四户签了字)."""
    return [found.span() for found in TOGETHER.finditer(text)]


def repeats(text: str) -> tuple[int, tuple[int, int] | None]:
    """How many contacts the text itself tells of (1: none told), and where."""
    most, where = 1, None
    for found in REPEAT.finditer(text):
        said = found["n"] or found["nth"]
        if said:
            count = number(said) or MANY
        else:
            count = MANY if found["many"] or "多次" in found.group() else 2
        if count > most:
            most, where = min(count, 99), found.span()
    return most, where


def ages(text: str) -> list[tuple[int, int, int]]:
    """Ages of persons (years, start, end): a child under 18 or somebody of 60 and more."""
    found_ages = []
    for found in AGE.finditer(text):
        if found["after"]:
            continue
        years = 0 if found.group().endswith("大") else number(found["n"])
        if years is None or years > 120:
            continue
        if years < 18 or years >= 60:
            found_ages.append((years, *found.span()))
    found_ages += [(70, *found.span()) for found in OLD.finditer(text)]
    return found_ages


def urgency(text: str, risks: frozenset[str]) -> tuple[str, tuple[int, int] | None]:
    """now: danger or money flowing, fresh injury, hours left; soon: threats, days left; normal."""
    if "self_harm" in risks:
        return NOW, None
    if "safety" in risks and (found := FRESH.search(text) or ONGOING.search(text)):
        return NOW, found.span()
    if risks & {"fraud", "heavy_loss"} and (found := MONEY_FLOWING.search(text)):
        return NOW, found.span()
    found = NOW_WORDS.search(text)
    if found and ("刚刚" not in found.group() or risks & {"safety", "fraud", "leak"}):
        return NOW, found.span()
    if risks & {
        "safety",
        "fraud",
        "leak",
        "legal_against_us",
        "regulator",
        "media",
        "heavy_loss",
        "group_event",
    }:
        return SOON, None
    if found := SOON_WORDS.search(text):
        return SOON, found.span()
    return NORMAL, None


def outage(text: str) -> tuple[int, int] | None:
    """Where an essential service is said to be down."""
    found = OUTAGE.search(text)
    return found.span() if found else None
