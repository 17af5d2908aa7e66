"""What stands around a find: negated, supposed, asked, told of others, long settled, or praise.

All looks are at short windows of one clause (conventions: at most 7 characters for a negation), so
they cost the same in a letter of 20,000 characters.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from enum import IntEnum

BREAK = re.compile(r"[,。!?;\n:~]")
SENTENCE_END = re.compile(r"[。!?;\n]")

# Words that may stand between a negation and what it negates; anything else ends its reach.
FILLER = (
    r"(?:人|有|再|被|什么|任何|出现|发现|发觉|察觉|发生|造成|受到|受|我|我们|客户|您|你们|他们|要|想|想要|打算|准备|考虑|走|通过|靠|投诉|举报|反映|联系|告|"
    r"说|说要|提|去|过|真的|真|太大|大的|严重|导致|产生|引起|存在|涉及|遇到|遭到|遭受|收到|得|必要|"
    r"人员|孩子|家人|的|和|或者|或|、|到|让|给|会|将|找|向|打|是|在|一|个|点|丝毫|半点|因此|其他|谁|您的|我的)"
)
NEGATION = re.compile(
    r"(?:(?<!有)没有|(?<!有)没(?!想到|过多久|几天|多久|两天|用几|法|办法|人管|人理|说)|未曾|(?<!是)未|从未|毫无|并无|绝无|"
    r"(?<!难道)(?<!这)(?<!就)(?<!可)不是|并非|并不是|不存在|不会|不想|不打算|不准备|不至于|不算|算不上|谈不上|称不上|"
    r"不要|不必|不用|无需|无意|不愿|不去|不再|不涉及|不属于|不构成|避免|防止|以防|以免|免得|谨防|防范|预防|杜绝|幸好没|还好没|非(?=诈骗|欺诈)|无(?=人员|人|任何))"
    + FILLER
    + r"{0,4}$"
)
NEGATED_AFTER = re.compile(
    r"^(?:倒是|倒|的?(?:情况|事情|事|现象|问题|风险|行为|意思|打算|想法))?(?:是)?"
    r"(?:没有(?!给|人|说|得|处|解|任|回|联|道|管|及|退|赔)|不存在|谈不上|算不上|倒没有|倒没|就不必了|就算了|不至于)"
)
SUPPOSED = re.compile(
    r"(?:如果|要是|万一|假如|假设|假若|倘若|若是|若(?!干)|一旦|怕|担心|害怕|生怕|恐怕|会不会|是否会|"
    r"是不是会|容易|有可能|可能会|可能(?!已)|搞不好|说不定|难保|将来|以后会|迟早|除非|哪怕|即使|就算|何时会|什么情况下|怎样才|才(?:能|可以|会|可))"
    r"[^,。!?;\n]{0,12}$"
)
CONSEQUENCE = re.compile(r"就|便|只能|只好|直接|马上|立即|必然|必将|将|我会|我要|会去|不得不")
QUESTION_IN = re.compile(
    r"是否|是不是|会不会|有没有|算不算|能不能|可不可以|怎么办|什么是|请问|咨询|多少|哪里可以|如何"
)
RHETORICAL = re.compile(
    r"难道|不是.{0,12}(?:吗|么|嘛|是什么)|还不|凭什么|为什么|怎么能|怎么会|怎么就|这不就是|是不是.{0,6}你们"
)
OTHERS = re.compile(
    r"听(?:朋友|同事|邻居|亲戚|别人|人|同学|网友)?[说讲]|据说|传闻|据报道|新闻(?:里|上|中|说|报道)|网上(?:看到|说|有人|流传)|看到(?:新闻|网上|有人|别人|过)|别人家|"
    r"别的(?:品牌|商家|平台|公司|店)|其他(?:品牌|商家|平台|公司)|(?<!老)人家|某明星|电影|电视剧|小说|游戏(?:里|中)|"
    r"朋友圈看到|有新闻|刷到|同行(?:业|们|家)|隔壁(?:家|店|公司)|邻居家|案例|演习|演练|培训(?:课|内容)|讲座|宣传片|科普"
)
OURS = re.compile(r"我|本人|自己|咱|你们|贵公司|你家|客户|用户|孩子|家里")
LONG_AGO = re.compile(
    r"几年前|多年前|[一二三四五六七八九十0-9]{1,6}年前|前年|小时候|大学时|上学时|年轻时|早年|从前|曾经|以前|去年|上次|之前|当年|当时"
)
SETTLED = re.compile(
    r"(?:已经?|都|早就|早已|后来|最后|也|当时就|当场)[^,。!?;\n]{0,6}(?:解决|处理好|和解|赔偿了|赔了|赔付|结清|了结|痊愈|好了|过去了|退了|妥善)"
    r"|不计较|不追究|不提了|翻篇|与此次无关|与这次无关|跟这次无关|和这次无关|康复"
)
NOW = re.compile(r"昨天|今天|今早|昨晚|现在|刚刚|刚才|目前|又|再次|还在|仍|至今|这次")
PRAISE = re.compile(r"感谢|表扬|谢谢|点赞|好评|称赞|夸|满意(?!了?[吗吧没])|锦旗|多亏|放心")
GRIEVANCE = re.compile(
    r"投诉|举报|不满|但是|但|却|要求|不处理|不给|不退|气愤|失望|必须|讨个说法|赔偿|差评|不满意|没人管|推诿|拒绝|要说法|严重"
)
PRODUCT_USE = re.compile(r"^(?:险|保险|预警|报警器|知识|课程|提示|宣传|讲座|中心|热线)")


class Status(IntEnum):
    """What a find is worth: nothing, a hint, or what its phrase says."""

    NOT_SO = 0
    DOUBTFUL = 1
    SO = 2


@dataclass
class Context:
    """A text cut into clauses and sentences once, for all looks around finds."""

    text: str
    praise: bool = False
    _breaks: list[int] = field(default_factory=list)
    _ends: list[int] = field(default_factory=list)

    @classmethod
    def of(cls, text: str) -> Context:
        return cls(
            text,
            praise=bool(PRAISE.search(text)) and not GRIEVANCE.search(text),
            _breaks=[found.end() for found in BREAK.finditer(text)],
            _ends=[found.end() for found in SENTENCE_END.finditer(text)],
        )

    def clause(self, at: int) -> tuple[int, int]:
        return _between(self._breaks, at, len(self.text))

    def sentence(self, at: int) -> tuple[int, int]:
        return _between(self._ends, at, len(self.text))

    def status(self, start: int, end: int, *, threat: bool = False) -> Status:
        """Is text[start:end] a fact or an intent here? `threat`: conditions on us count as one."""
        text = self.text
        begin, stop = self.clause(start)
        stop = max(stop, end)
        before = text[max(begin, start - 16) : start]
        after = text[end : min(stop, end + 8)]
        clause = text[max(begin, start - 40) : min(stop, end + 40)]
        rhetorical = bool(RHETORICAL.search(clause))
        if not rhetorical and (NEGATION.search(before[-12:]) or NEGATED_AFTER.search(after)):
            return Status.NOT_SO
        if PRODUCT_USE.match(after) or self._told_of_others(start, clause):
            return Status.NOT_SO
        supposed = SUPPOSED.search(before)
        if supposed and not (threat and CONSEQUENCE.search(supposed.group())):
            return Status.NOT_SO
        if self._long_settled(start):
            return Status.NOT_SO
        if self.praise:
            return Status.DOUBTFUL
        if not rhetorical and self._asked(clause, stop):
            return Status.DOUBTFUL
        return Status.SO

    def _asked(self, clause: str, stop: int) -> bool:
        mark = self.text[stop - 1 : stop] if stop else ""
        return (
            mark == "?" or bool(QUESTION_IN.search(clause)) or clause.rstrip("?!。,").endswith("吗")
        )

    def _told_of_others(self, start: int, clause: str) -> bool:
        found = OTHERS.search(clause)
        if not found:
            begin, _ = self.sentence(start)
            before = self.text[max(begin, start - 30) : start]
            found = OTHERS.search(before)
            return bool(found) and not OURS.search(before[found.end() if found else 0 :])
        return not OURS.search(clause[found.end() :])

    def _long_settled(self, start: int) -> bool:
        begin, stop = self.sentence(start)
        sentence = self.text[max(begin, start - 60) : min(stop, start + 60)]
        settled = SETTLED.search(sentence)
        return bool(
            settled
            and LONG_AGO.search(sentence)
            # 去年那件早就解决了，这次是新买的: what comes after the settlement is another matter.
            and not NOW.search(sentence, 0, settled.end())
        )


def _between(cuts: list[int], at: int, length: int) -> tuple[int, int]:
    """The stretch around `at`; it includes its closing mark."""
    place = bisect_right(cuts, at)
    begin = cuts[place - 1] if place else 0
    stop = cuts[place] if place < len(cuts) else length
    return begin, stop
