"""The words of a complaint: where it came from, where it stands, what happened to it."""

from typing import Any

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _


class Status(TextChoices):
    """The 20 states (domain §7.2)."""

    NEW = "NEW", _("待登记")
    REG = "REG", _("待分级")
    TRI = "TRI", _("待派单")
    DIS = "DIS", _("待签收")
    HND = "HND", _("处理中")
    WCU = "WCU", _("待客户补充")
    W3P = "W3P", _("待第三方")
    SUS = "SUS", _("挂起")
    PAP = "PAP", _("方案待审批")
    EXE = "EXE", _("方案执行中")
    RES = "RES", _("已解决待反馈")
    FUV = "FUV", _("待回访")
    RWK = "RWK", _("重办")
    CLO = "CLO", _("已结案")
    ARC = "ARC", _("已归档")
    REJ = "REJ", _("不予受理")
    TRF = "TRF", _("已转出")
    MRG = "MRG", _("已合并")
    WDR = "WDR", _("已撤回")
    CAN = "CAN", _("已作废")


class PublicState(TextChoices):
    """What a customer reads (three words, source 000)."""

    WAITING = "waiting", _("待分配")
    WORKING = "working", _("处理中")
    SOLVED = "solved", _("已解决")
    ENDED = "ended", _("已终止")


class Severity(IntegerChoices):
    S1 = 1, _("S1 紧急")
    S2 = 2, _("S2 严重")
    S3 = 3, _("S3 一般")
    S4 = 4, _("S4 轻微")


class Channel(TextChoices):
    PHONE = "phone", _("电话")
    EMAIL = "email", _("邮件")
    CHAT = "chat", _("在线聊天")
    SMS = "sms", _("短信")
    SOCIAL = "social", _("社交媒体")
    LETTER = "letter", _("信件")
    WALKIN = "walkin", _("到店来访")
    FORM = "form", _("意见表")
    REGULATOR = "regulator", _("监管转办")
    PORTAL = "portal", _("网页门户")
    API = "api", _("接口")
    IMPORT = "import", _("导入")


class DueKind(TextChoices):
    """Which clock the spine's next_due_at belongs to."""

    SIGN_IN = "sign_in", _("签收")
    FIRST_RESPONSE = "first_response", _("首次响应")
    RESOLUTION = "resolution", _("解决")
    FEEDBACK = "feedback", _("反馈")
    VISIT = "visit", _("回访")
    UPDATE = "update", _("进展告知")
    INTERIM = "interim", _("临时措施")
    TASK_SIGN_IN = "task_sign_in", _("部门签收")
    TASK = "task", _("部门答复")
    SUPERVISION = "supervision", _("督办")
    CALLBACK = "callback", _("回电")
    STEP = "step", _("执行")
    PROMISE = "promise", _("承诺")
    IMPROVEMENT = "improvement", _("整改")


class Sight(TextChoices):
    """What is written about one person and one complaint."""

    NAMED = "named", _("指定可看")
    BARRED = "barred", _("应当回避")


class What(TextChoices):
    """What can happen to a complaint; one line of flow.py each."""

    RECEIVED = "received", _("受理登记")
    TRIAGED = "triaged", _("完成分级")
    RECLASSIFIED = "reclassified", _("更正分级")
    REJECTED = "rejected", _("不予受理")
    DISPATCHED = "dispatched", _("派单")
    ACCEPTED = "accepted", _("签收")
    RETURNED = "returned", _("退回")
    HANDED_OVER = "handed_over", _("转派")
    URGED = "urged", _("催办")
    ESCALATED = "escalated", _("升级")
    CUSTOMER_WROTE = "customer_wrote", _("客户来信")
    REPLIED = "replied", _("回复客户")
    NOTED = "noted", _("内部备注")
    EVIDENCE_ADDED = "evidence_added", _("添加证据")
    CLOCK_WARNED = "clock_warned", _("时限提醒")
    CLOCK_MISSED = "clock_missed", _("时限超时")
    EXTENDED = "extended", _("延期")
    POLICY_ATTACHED = "policy_attached", _("附加时限依据")
    POLICY_DETACHED = "policy_detached", _("取消时限依据")
    WAITED = "waited", _("等待")
    RESUMED = "resumed", _("恢复办理")
    FOUND = "found", _("核实结论")
    PROPOSED = "proposed", _("提出方案")
    SIGNED = "signed", _("会签方案")
    APPROVED = "approved", _("批准方案")
    DENIED = "denied", _("驳回方案")
    AGREED = "agreed", _("客户同意")
    DECLINED = "declined", _("客户不同意")
    EXECUTED = "executed", _("执行完成")
    FED_BACK = "fed_back", _("反馈结果")
    VISITED = "visited", _("回访")
    REWORKED = "reworked", _("重办")
    CLOSED = "closed", _("结案")
    REOPENED = "reopened", _("重开")
    ARCHIVED = "archived", _("归档")
    WITHDRAWN = "withdrawn", _("客户撤回")
    CANCELLED = "cancelled", _("作废")
    RESTRICTED = "restricted", _("限制查看")
    UNRESTRICTED = "unrestricted", _("解除查看限制")
    CUSTOMER_JUDGED = "customer_judged", _("客户评价结果")
    # 派单
    RUNG = "rung", _("绿色通道呼叫")
    RING_PASSED = "ring_passed", _("无人应答，呼叫下一级")
    PULLED_BACK = "pulled_back", _("收回")
    OWNER_CHANGED = "owner_changed", _("变更首接负责人")
    BARRED = "barred", _("回避")
    UNBARRED = "unbarred", _("解除回避")
    # 时限
    REMINDED = "reminded", _("逐级提醒")
    LATE_NOTICE = "late_notice", _("超期催办通知")
    EXTENSION_ASKED = "extension_asked", _("申请延期")
    EXTENSION_REFUSED = "extension_refused", _("不同意延期")
    SUSPENSION_ASKED = "suspension_asked", _("申请挂起")
    SUSPENSION_REFUSED = "suspension_refused", _("不同意挂起")
    SUSPENDED = "suspended", _("挂起")
    WOKEN = "woken", _("解挂")
    # 协办
    TASK_SENT = "task_sent", _("下发协办任务")
    TASK_SIGNED = "task_signed", _("任务签收")
    TASK_ANSWERED = "task_answered", _("任务答复")
    TASK_RETURNED = "task_returned", _("任务退回")
    TASK_DISPUTED = "task_disputed", _("任务争议")
    TASK_RULED = "task_ruled", _("任务裁定")
    TASK_FORWARDED = "task_forwarded", _("任务转办")
    TASK_EXTENDED = "task_extended", _("任务延期")
    TASK_REDONE = "task_redone", _("任务退回重办")
    TASK_DONE = "task_done", _("任务办结")
    TASK_CANCELLED = "task_cancelled", _("任务撤销")
    TASK_LATE = "task_late", _("任务超时")
    # 督办
    SUPERVISED = "supervised", _("督办")
    MEASURES_FILED = "measures_filed", _("报送措施")
    SUPERVISION_LIFTED = "supervision_lifted", _("解除督办")
    HELD = "held", _("证据保全")
    RELEASED = "released", _("解除保全")
    # 并案
    SPLIT = "split", _("拆分")
    SPLIT_UNDONE = "split_undone", _("撤销拆分")
    MERGED = "merged", _("合并")
    UNMERGED = "unmerged", _("撤销合并")
    LINKED = "linked", _("关联")
    UNLINKED = "unlinked", _("取消关联")
    INCIDENT_JOINED = "incident_joined", _("并入群体事件")
    INCIDENT_LEFT = "incident_left", _("移出群体事件")
    INCIDENT_TOLD = "incident_told", _("群体事件告知")
    # 回电
    CALLBACK_ASKED = "callback_asked", _("安排回电")
    CALLBACK_TRIED = "callback_tried", _("回电未接通")
    CALLBACK_DONE = "callback_done", _("完成回电")
    CALLBACK_CANCELLED = "callback_cancelled", _("取消回电")
    # 方案 确认 执行
    OFFER_CHANGED = "offer_changed", _("修改方案")
    COUNTERED = "countered", _("客户另提要求")
    CONSENT_SENT = "consent_sent", _("发送确认链接")
    CONSENTED = "consented", _("登记客户确认")
    CONSENT_WITHDRAWN = "consent_withdrawn", _("客户撤回同意")
    TALK_WANTED = "talk_wanted", _("客户希望再沟通")
    STEP_SENT = "step_sent", _("下达执行")
    STEP_DONE = "step_done", _("完成执行步骤")
    STEP_FAILED = "step_failed", _("执行步骤失败")
    STEP_LATE = "step_late", _("执行延误")
    STEP_CANCELLED = "step_cancelled", _("取消执行步骤")
    # 承诺
    PROMISED = "promised", _("作出承诺")
    PROMISE_KEPT = "promise_kept", _("承诺兑现")
    PROMISE_BROKEN = "promise_broken", _("承诺未兑现")
    PROMISE_MOVED = "promise_moved", _("承诺改期")
    PROMISE_RELEASED = "promise_released", _("承诺解除")
    # 闭环 整改
    ALTERNATIVES_TOLD = "alternatives_told", _("告知其他途径")
    MEDIATION_BEGUN = "mediation_begun", _("开始调解")
    MEDIATION_ENDED = "mediation_ended", _("调解结果")
    SURVEY_SENT = "survey_sent", _("发送调查")
    SURVEY_ANSWERED = "survey_answered", _("客户填写调查")
    REPLY_PLANNED = "reply_planned", _("待发出的回复")
    REPLY_UNDONE = "reply_undone", _("撤回回复")
    LETTER_RETURNED = "letter_returned", _("邮件被退回")
    LETTER_FAILED = "letter_failed", _("回复没有送到")
    REPLY_RESENT = "reply_resent", _("重发回复")
    AUTO_REPLIED = "auto_replied", _("收到自动回复")
    IMPROVEMENT_OPENED = "improvement_opened", _("发起整改")
    IMPROVEMENT_DONE = "improvement_done", _("提交整改")
    IMPROVEMENT_VERIFIED = "improvement_verified", _("整改核验通过")
    IMPROVEMENT_SENT_BACK = "improvement_back", _("整改退回")
    EFFECT_CHECKED = "effect_checked", _("效果复核")
    CASE_PROPOSED = "case_proposed", _("推荐为案例")
    SIGN_OFF_ASKED = "sign_off_asked", _("提请签核")
    SIGNED_OFF = "signed_off", _("签核")
    SIGN_OFF_REFUSED = "sign_off_refused", _("不同意签核")
    # 渠道
    CHATTED = "chatted", _("在线会话")
    CALLED = "called", _("通话")
    CALL_DROPPED = "call_dropped", _("通话掉线")
    LONG_HOLD = "long_hold", _("保持过久")
    ABUSE_WARNED = "abuse_warned", _("辱骂警告")
    ABUSE_ENDED = "abuse_ended", _("因辱骂结束通话")
    RECORDED = "recorded", _("收到录音")
    PAPER_REGISTERED = "paper_registered", _("来信登记")
    PAPER_SENT = "paper_sent", _("寄出信函")
    AT_COUNTER = "at_counter", _("到店登记")
    POSTED_PUBLICLY = "posted_publicly", _("公开发帖")
    MOVED_PRIVATE = "moved_private", _("转为私下沟通")


# Fields ask for these by name, so a word more is no migration.
def due_kinds() -> list[tuple[str, Any]]:
    return DueKind.choices


def whats() -> list[tuple[str, Any]]:
    return What.choices
