"""Real SMTP servers in threads: one that takes all, one that fails now and then, with TLS, with
sign-in."""

from __future__ import annotations

import datetime
import ipaddress
import socket
import ssl
from contextlib import contextmanager
from email import message_from_bytes, policy
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

PASSWORD = "授权码 s3cret".encode().hex()


class Keeper:
    """Keeps what it was given; `answers` are said first, one to each mail, then 250."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.mails = []
        self.asked = 0

    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):
        self.asked += 1
        answer = self.answers.pop(0) if self.answers else ""
        if answer:
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        mail = message_from_bytes(envelope.content, policy=policy.default)
        self.mails.append((envelope.mail_from, envelope.rcpt_tos, mail, envelope.content))
        return "250 kept"


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


@contextmanager
def smtp_server(keeper, *, tls=None, starttls=None, users=None):
    """`users`: name → password; without them nobody is asked to sign in."""

    def authenticate(server, session, envelope, mechanism, data):
        known = users.get(data.login.decode())
        good = known is not None and known == data.password.decode()
        return AuthResult(success=good, handled=False)

    asked: dict[str, Any] = {}
    if users is not None:
        asked = {
            "authenticator": authenticate,
            "auth_required": True,
            "auth_require_tls": False,
        }

    class Own(Controller):
        def factory(self):
            return SMTP(self.handler, tls_context=starttls, hostname="mail.test", **asked)

    port = free_port()
    controller = Own(keeper, hostname="127.0.0.1", port=port, ssl_context=tls)
    controller.start()
    try:
        yield port
    finally:
        controller.stop()


def certificate(folder, *, name="localhost"):
    """A certificate that nobody vouches for, for this machine; (path, context of a server)."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.UTC)
    names = [x509.DNSName(name), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "server.pem"
    path.write_bytes(
        made.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(path)
    return path, context
