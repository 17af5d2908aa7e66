"""What is wrong with a mail server, in a sentence that says what to look at. Pure."""

from __future__ import annotations

import imaplib
import smtplib
import socket
import ssl

from huiyin.ground.sentence import sentence as _

LOGIN_WORDS = ("auth", "login", "credential", "password")


def is_final(error: BaseException) -> bool:
    """Whether the server said no for good (5xx about this one letter): no use in trying again."""
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return False  # the mailbox is at fault, not the letter
    code = _code(error)
    return code is not None and 500 <= code < 600


def is_of_the_server(error: BaseException) -> bool:
    """Whether no letter would get through just now: the connection or the sign-in failed."""
    if isinstance(error, smtplib.SMTPAuthenticationError | smtplib.SMTPNotSupportedError):
        return True
    return _code(error) is None


def in_words(error: BaseException, host: str, port: int) -> str:
    """“找不到服务器 mail.example.com，请检查名称”. What the server itself said stands behind it."""
    where = {"where": f"{host}:{port}", "said": _said(error)}
    if isinstance(error, socket.gaierror | UnicodeError):
        return _("找不到服务器 %(where)s，请检查名称") % where
    if isinstance(error, ssl.SSLCertVerificationError):
        return _("%(where)s 的证书无效，没有连接：%(said)s") % where
    if isinstance(error, ssl.SSLError):
        return _("%(where)s 不按所选方式加密，请检查端口和加密方式") % where
    if isinstance(error, ConnectionRefusedError):
        return _("%(where)s 拒绝连接，请检查端口") % where
    if isinstance(error, TimeoutError):
        return _("%(where)s 没有及时应答，请检查地址、端口和防火墙") % where
    if isinstance(error, smtplib.SMTPAuthenticationError) or _is_login(error):
        return _("%(where)s 拒绝登录，请检查登录名、密码或授权码：%(said)s") % where
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return _("%(where)s 不支持所选的加密或登录方式：%(said)s") % where
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return _("对方不接收这个地址：%(said)s") % where
    if _code(error) is not None:
        return _("服务器没有接收：%(said)s") % where
    if isinstance(error, smtplib.SMTPServerDisconnected | OSError | EOFError):
        return _("与 %(where)s 的连接中断：%(said)s") % where
    return _("与 %(where)s 通信失败：%(said)s") % where


def _is_login(error: BaseException) -> bool:
    said = str(error).lower()
    return isinstance(error, imaplib.IMAP4.error) and any(word in said for word in LOGIN_WORDS)


def _code(error: BaseException) -> int | None:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = [code for code, _words in error.recipients.values()]
        return max(codes) if codes else None
    if isinstance(error, smtplib.SMTPResponseException):
        return error.smtp_code
    return None


def _said(error: BaseException) -> str:
    """The server's own words, one line of printable characters."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        words = [f"{code} {_text(said)}" for code, said in error.recipients.values()]
        said = "; ".join(words)
    elif isinstance(error, smtplib.SMTPResponseException):
        said = f"{error.smtp_code} {_text(error.smtp_error)}"
    elif isinstance(error, ssl.SSLCertVerificationError):
        said = error.verify_message
    else:
        said = str(error) or type(error).__name__
    return " ".join("".join(c if c.isprintable() else " " for c in said).split())[:160]


def _text(said: bytes | str) -> str:
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else said
