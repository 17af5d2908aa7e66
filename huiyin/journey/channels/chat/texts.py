"""What the widget itself says, in the language of the request. Braces are filled in by it."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import pgettext


def too_large(name: str) -> str:
    return _("“%(name)s”超过 10 MB，请压缩后再发") % {"name": name}


def texts() -> dict[str, str]:
    return {
        "open": _("打开在线客服"),
        "close": _("关闭在线客服"),
        "human": _("转人工"),
        "humanNow": _("填好下面的内容，就由人工客服接待您"),
        "hello": _("您好，请问有什么可以帮您？"),
        "nobody": _("现在没有人工客服在线，请留言，我们上班后回复您"),
        "opens": _("人工客服下次上班：{time}"),
        "text": _("想说的话"),
        "notice": _("隐私告知"),
        "agree": _("我已阅读并同意隐私告知"),
        "begin": _("开始会话（人工客服）"),
        "leave": _("提交留言"),
        "choose": _("请选择"),
        "missing": _("请填写“{label}”"),
        "missingText": _("请写下想说的话"),
        "missingAgree": _("请先阅读并同意隐私告知"),
        "sending": _("正在发送…"),
        "failed": _("没有成功，请稍后再试"),
        "offline": _("网络不通，正在重新连接；您写的内容不会丢"),
        "leftWords": _("已收到您的留言，我们会尽快回复您"),
        "number": _("编号："),
        "code": _("查询码："),
        "follow": _("凭编号和查询码查看进展"),
        "back": _("返回"),
        "withAgent": _("{name} 正在为您服务"),
        "ahead": _("正在排队，前面还有 {n} 位"),
        "next": _("正在排队，下一位就是您"),
        "away": _("客服暂时都不在座位上，可以继续等，也可以留言"),
        "log": _("会话内容"),
        "typing": _("对方正在输入…"),
        "toMessage": _("不等了，转为留言"),
        "end": _("结束会话"),
        "write": _("请输入消息"),
        "file": _("发送文件"),
        "send": pgettext("act", "发送"),
        "fileOf": _("{name}（{size} KB）"),
        "uploading": _("正在上传 {name}"),
        "tooLarge": too_large("{name}"),
        "sent": _("已发出"),
        "read": _("已读"),
        "unread": _("{n} 条新消息"),
        "ended": _("会话已结束"),
        "unsent": _("未送达：会话已结束"),
        "asMessage": _("作为留言发送"),
        "again": _("开始新的会话"),
        "rate": _("您对这次服务满意吗？"),
        "stars": _("{n} 星"),
        "thanks": _("谢谢您的评价"),
        "email": _("邮箱地址"),
        "copy": _("把会话内容发到邮箱"),
        "copied": _("会话内容已发到您的邮箱"),
    }
