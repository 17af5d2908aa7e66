"""The words of conditions: what kinds of attributes there are, and how they are compared."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Kind(TextChoices):
    """What an attribute holds; it decides how it can be compared."""

    CHOICE = "choice", _("选项")
    CATEGORY = "category", _("类别")
    SET = "set", _("多个选项")
    NUMBER = "number", _("数字")
    DAY = "day", _("日期")
    YES = "yes", _("是否")
    LINE = "line", _("短文本")
    TEXT = "text", _("全文")


class Operator(TextChoices):
    EQUAL = "equal", _("等于")
    NOT_EQUAL = "not_equal", _("不等于")
    ONE_OF = "one_of", _("是")
    NONE_OF = "none_of", _("不是")
    UNDER = "under", _("属于")
    NOT_UNDER = "not_under", _("不属于")
    CONTAINS = "contains", _("包含")
    NOT_CONTAINS = "not_contains", _("不包含")
    HAS_ANY = "has_any", _("有其中之一")
    HAS_ALL = "has_all", _("同时有")
    HAS_NONE = "has_none", _("没有")
    AT_LEAST = "at_least", _("不小于")
    AT_MOST = "at_most", _("不大于")
    MORE = "more", _("大于")
    LESS = "less", _("小于")
    FILLED = "filled", _("已填写")
    EMPTY = "empty", _("为空")


WITHOUT_VALUE = frozenset({Operator.FILLED, Operator.EMPTY})
WITH_SEVERAL = frozenset(
    {
        Operator.ONE_OF,
        Operator.NONE_OF,
        Operator.UNDER,
        Operator.NOT_UNDER,
        Operator.HAS_ANY,
        Operator.HAS_ALL,
        Operator.HAS_NONE,
    }
)
NUMERIC = (Operator.AT_LEAST, Operator.AT_MOST, Operator.MORE, Operator.LESS)
GIVEN = (Operator.FILLED, Operator.EMPTY)

# The first of each is what a new line begins with.
OFFERED: dict[str, tuple[Operator, ...]] = {
    Kind.CHOICE: (Operator.ONE_OF, Operator.NONE_OF, *GIVEN),
    Kind.CATEGORY: (Operator.UNDER, Operator.NOT_UNDER, *GIVEN),
    Kind.SET: (Operator.HAS_ANY, Operator.HAS_ALL, Operator.HAS_NONE, *GIVEN),
    Kind.NUMBER: (*NUMERIC, Operator.EQUAL, *GIVEN),
    Kind.DAY: (Operator.AT_LEAST, Operator.AT_MOST, *GIVEN),
    Kind.YES: (Operator.EQUAL,),
    Kind.LINE: (*GIVEN, Operator.EQUAL, Operator.NOT_EQUAL),
    Kind.TEXT: (Operator.CONTAINS, Operator.NOT_CONTAINS),
}
# Written before there was a builder, and still understood where an attribute is of that kind.
UNDERSTOOD: dict[str, tuple[Operator, ...]] = {
    Kind.CHOICE: (Operator.EQUAL, Operator.NOT_EQUAL),
    Kind.CATEGORY: (Operator.EQUAL, Operator.NOT_EQUAL, Operator.ONE_OF, Operator.NONE_OF),
    Kind.SET: (Operator.CONTAINS,),
    Kind.NUMBER: (Operator.NOT_EQUAL,),
    Kind.DAY: (Operator.MORE, Operator.LESS, Operator.EQUAL),
    Kind.YES: (Operator.ONE_OF,),
    Kind.LINE: (Operator.CONTAINS, Operator.ONE_OF),
    Kind.TEXT: (),
}
YES, NO = "yes", "no"
