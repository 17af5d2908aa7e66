"""The knobs of settings.py as the console tells them: in Chinese, and no secret ever."""

from __future__ import annotations

from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin import settings

SECRETS = frozenset({"DATABASE_URL", "HUIYIN_SECRET_KEY", "HUIYIN_SMTP_PASSWORD"})

WORDS = {
    "DATABASE_URL": gettext_lazy("数据库地址（PostgreSQL 15 或更新）"),
    "HUIYIN_SECRET_KEY": gettext_lazy("签署会话与链接的密钥，50 个字符以上"),
    "HUIYIN_DATA": gettext_lazy("证据文件所在的文件夹；单机时数据库也在其中"),
    "HUIYIN_DEBUG": gettext_lazy("1 表示在浏览器里显示错误细节；正式运行时拒绝"),
    "HUIYIN_DEMO": gettext_lazy("1 表示演示：装入示例数据与演示账号"),
    "HUIYIN_ALLOWED_HOSTS": gettext_lazy("对外服务的域名，逗号分隔"),
    "HUIYIN_SECURE": gettext_lazy("1 表示经 HTTPS 访问：安全 Cookie 与 HSTS"),
    "HUIYIN_TRUSTED_PROXIES": gettext_lazy("前面有几层自己的代理"),
    "HUIYIN_POOL": gettext_lazy("每个进程保持的数据库连接数；0 表示每次请求新开"),
    "HUIYIN_IDLE_SECONDS": gettext_lazy("多少秒没有操作就退出登录"),
    "HUIYIN_MAIL_LARGEST": gettext_lazy("收取和读取的邮件最大多少字节"),
    "HUIYIN_MAIL_MOST_FILES": gettext_lazy("一封邮件最多把多少个附件存为证据"),
    "HUIYIN_MAIL_MOST_PER_HOUR": gettext_lazy("同一发件人一小时超过多少封邮件，转人工核对"),
    "HUIYIN_MAIL_MOST_WATCHED": gettext_lazy("同时连着多少个邮箱收信，其余的轮流查看"),
    "HUIYIN_MAIL_MOST_ROUNDS": gettext_lazy("同一发件人紧接我方来信自动往返多少次后，转人工核对"),
    "HUIYIN_THANKS_A_DAY": gettext_lazy("24 小时内给同一未核实的邮箱、号码或账号发多少次受理确认"),
    "HUIYIN_REFUSED_ROUNDS": gettext_lazy("客户拒绝多少轮方案后，建议上报或调解"),
    "HUIYIN_ONCE_DAYS": gettext_lazy("写下的话多少天内重发不会重复"),
    "HUIYIN_SILENT_DAYS": gettext_lazy("方案多少天没有答复算作僵持"),
    "HUIYIN_UNDO_DAYS": gettext_lazy("合并、拆分、关联和群体事件在多少天内可以撤销"),
    "HUIYIN_LIVE": gettext_lazy("0 表示关闭页面实时更新"),
    "HUIYIN_ORGANISATION": gettext_lazy("客户看到的单位名称"),
    "HUIYIN_BASE_URL": gettext_lazy("客户访问的网址，写在信件里"),
    "HUIYIN_SMTP_HOST": gettext_lazy("发信服务器；留空则信件留在发件箱"),
    "HUIYIN_SMTP_PORT": gettext_lazy("发信服务器端口"),
    "HUIYIN_SMTP_USER": gettext_lazy("发信服务器登录名"),
    "HUIYIN_SMTP_PASSWORD": gettext_lazy("发信服务器密码"),
    "HUIYIN_SMTP_TLS": gettext_lazy("1 为 STARTTLS，2 为全程 TLS，0 为不加密"),
    "HUIYIN_MAIL_FROM": gettext_lazy("信件的发件人"),
    "HUIYIN_WEBHOOK_INNER_HOSTS": gettext_lazy("允许外部调用访问的本单位主机，逗号分隔，可带端口"),
    "HUIYIN_LOG_LEVEL": gettext_lazy("日志详细程度：DEBUG、INFO、WARNING 或 ERROR"),
    "HUIYIN_EXTRAS": gettext_lazy(
        "另外安装的组件，逗号分隔：audio 播放和分析 amr、m4a 等录音，ocr 识别扫描来信上的文字"
    ),
    "HUIYIN_NODE_MODULES": gettext_lazy("前端组件所在的文件夹"),
    "TEST_DATABASE_NAME": gettext_lazy("测试数据库的名称"),
}


class ToldKnob(NamedTuple):
    name: str
    sentence: str
    value: str
    is_default: bool


def told_knobs() -> list[ToldKnob]:
    """Each knob with its value; of a secret only whether it is set."""
    return [_told(knob) for knob in settings.KNOBS]


def _told(knob: settings.Knob) -> ToldKnob:
    value = settings.knob(knob.name)
    said = _("已设置") if value else _("未设置")
    shown = said if knob.name in SECRETS else value
    return ToldKnob(
        knob.name, str(WORDS.get(knob.name, knob.sentence)), shown, value == knob.default
    )
