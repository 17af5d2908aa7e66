"""The words of mail."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Security(TextChoices):
    """How the connection is protected."""

    TLS = "tls", _("TLS（推荐）")
    STARTTLS = "starttls", _("STARTTLS")
    NONE = "none", _("不加密（仅限本机）")


class Login(TextChoices):
    PASSWORD = "password", _("密码或授权码")
    OAUTH2 = "oauth2", _("OAuth2 令牌")


class OnceKept(TextChoices):
    """What becomes of a mail on the server, once it is kept here."""

    SEEN = "seen", _("标为已读")
    MOVE = "move", _("移到文件夹")
    LEAVE = "leave", _("保持原样")


class Source(TextChoices):
    """Which door a mail came in by."""

    IMAP = "imap", _("收信")
    SMTP = "smtp", _("直接投递")
    COMMAND = "command", _("命令")
    UPLOAD = "upload", _("上传")


class MailState(TextChoices):
    """How far a mail is that was kept."""

    KEPT = "kept", _("待读取")
    HELD = "held", _("待人工核对")
    HANDLED = "handled", _("已处理")
    FAILED = "failed", _("无法读取")


class Nature(TextChoices):
    """What sort of mail it is, as the pipeline judged."""

    ORDINARY = "ordinary", _("普通邮件")
    AUTO_REPLY = "auto_reply", _("自动回复")
    OUT_OF_OFFICE = "out_of_office", _("外出回复")
    LIST = "list", _("邮件列表或群发")
    BOUNCE = "bounce", _("退信")
    RECEIPT = "receipt", _("送达或阅读回执")
    OWN = "own", _("本系统发出")
    SPAM = "spam", _("垃圾邮件")
    IDENTITY = "identity", _("验证码或账号通知")


class Outcome(TextChoices):
    """What became of it."""

    NEW = "new", _("登记为新投诉")
    THREADED = "threaded", _("并入原投诉")
    NOTED = "noted", _("只作记录")
    IGNORED = "ignored", pgettext_lazy("paper", "不处理")
    DUPLICATE = "duplicate", _("重复收到")
    DISMISSED = "dismissed", _("核对后不处理")


SET_ASIDE = (Outcome.NOTED, Outcome.IGNORED, Outcome.DUPLICATE)  # by the pipeline, not by a person


class Delivery(TextChoices):
    """What is known of a mail that we sent."""

    ACCEPTED = "accepted", _("对方服务器已接收")
    DELIVERED = "delivered", _("已送达")
    RETURNED = "returned", _("退信")
    DELAYED = "delayed", _("对方暂缓接收")


class SignKind(TextChoices):
    """What a sign tells of a mail, or of a line in it."""

    BOUNCE = "bounce", _("退信")
    RECEIPT = "receipt", _("送达或阅读回执")
    SPAM = "spam", _("垃圾邮件标记")
    OUT_OF_OFFICE = "out_of_office", _("外出回复")
    AUTO_REPLY = "auto_reply", _("自动回复")
    IDENTITY = "identity", _("验证码或账号通知")
    LIST = "list", _("邮件列表或群发")
    MACHINE = "machine", _("程序发出的佐证（不单独定性）")
    FORWARD = "forward", _("转发的主题")
    QUOTE = "quote", _("引文开头的一行")
    QUOTE_BLOCK = "quote_block", _("引文信头的一行")
    SIGNATURE = "signature", _("签名开头的一行")
    SIGNATURE_END = "signature_end", _("签名末尾的一行")
    RULE = "rule", _("签名上方的横线")
    CLOSING = "closing", _("信末的结束语")
    CONTACT = "contact", _("签名里的联系方式")
    TOLD = "told", _("签名里不会有的话")
    CLIENT_LINE = "client_line", _("邮件软件自己加的一行")


class Signed(TextChoices):
    """What protects a mail; kept as evidence, never verified here (V56)."""

    SMIME = "smime", _("带有 S/MIME 签名（未核验）")
    PGP = "pgp", _("带有 PGP 签名（未核验）")
    SMIME_CIPHER = "smime_cipher", _("以 S/MIME 加密，本系统不能解开")
    PGP_CIPHER = "pgp_cipher", _("以 PGP 加密，本系统不能解开")


class PictureFault(TextChoices):
    """Why a remote image could not be had."""

    FORBIDDEN = "forbidden", _("地址不允许访问")
    UNREACHED = "unreached", _("没有连上对方服务器")
    REFUSED = "refused", _("对方服务器没有给出图片")
    SPOILT = "spoilt", _("不是能显示的图片")


class TouchKind(TextChoices):
    """What somebody did with a mail beyond reading it."""

    IMAGES = "images", _("显示远程图片")
    ORIGINAL = "original", _("下载原件")
    PART = "part", _("取出附件")
