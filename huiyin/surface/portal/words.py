"""The words of the portal: what is counted, and what of the story a customer is told."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from huiyin.journey.complaint.words import What


class Counted(TextChoices):
    """What is limited, per address, number or contact point (rules.LIMITS)."""

    COMPLAINT_BY_ADDRESS = "complaint_address", _("每个网络地址的投诉")
    COMPLAINT_BY_CONTACT = "complaint_contact", _("每个联系方式的投诉")
    TRY_BY_ADDRESS = "try_address", _("每个网络地址的查询")
    TRY_BY_NUMBER = "try_number", _("每个编号的查询")
    MESSAGE = "message", _("每件投诉的补充")
    ESCALATION = "escalation", _("每件投诉的升级")
    LETTER = "letter", _("每个未核实邮箱的邮件")


# The story in plain words. What is not here is not told: notes, clocks, approvals, restrictions.
TOLD = {
    What.RECEIVED: _("我们收到了您的投诉"),
    What.TRIAGED: _("我们看过了您说的情况，正在安排处理的人"),
    What.DISPATCHED: _("已交给专人处理"),
    What.ACCEPTED: _("处理人员开始办理"),
    What.HANDED_OVER: _("已转给更合适的同事处理"),
    What.URGED: _("已催促处理人员"),
    What.ESCALATED: _("已请上级负责人过问"),
    What.CUSTOMER_WROTE: _("您补充了情况"),
    What.REPLIED: _("我们回复了您"),
    What.WAITED: _("正在等待必要的信息"),
    What.RESUMED: _("恢复办理"),
    What.FOUND: _("情况已经核实"),
    What.AGREED: _("您同意了解决办法"),
    What.DECLINED: _("您没有接受解决办法，我们会再想办法"),
    What.CONSENT_WITHDRAWN: _("您不再同意解决办法，没有办的已停下来"),
    What.TALK_WANTED: _("您希望先谈谈，我们会与您联系"),
    What.STEP_LATE: _("办理比原定的慢，新的日期已经告诉您"),
    What.EXECUTED: _("解决办法已经办完"),
    What.FED_BACK: _("结果已经告诉您"),
    What.VISITED: _("我们回访了您"),
    What.REWORKED: _("已安排重新处理"),
    What.CLOSED: _("这件事已经结案"),
    What.REOPENED: _("这件事已重新打开处理"),
    What.REJECTED: _("这件事不在我们的受理范围，说明见我们的回复"),
    What.WITHDRAWN: _("您撤回了投诉"),
    What.CANCELLED: _("这件投诉已终止"),
    What.CUSTOMER_JUDGED: _("您评价了处理结果"),
    What.MERGED: _("和同类问题一起办理，进展照常告诉您"),
    What.UNMERGED: _("恢复单独办理"),
    What.SPLIT: _("您反映的几件事已分开办理，每件都有进展"),
}
# Of a master its members' customers hear what is true of the matter, nothing of its own customer.
TOLD_OF_MASTER = frozenset(
    {
        What.DISPATCHED,
        What.ACCEPTED,
        What.HANDED_OVER,
        What.ESCALATED,
        What.RESUMED,
        What.FOUND,
        What.REWORKED,
    }
)
