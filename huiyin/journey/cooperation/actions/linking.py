"""A signed link: somebody without an account signs for one task and answers it.

The token has 256 bits and is made from the house's secret and a salt of its own; the table keeps
the salt and the token's hash, so who reads the database cannot open a link, and the letter in the
outbox holds only a mark (`seal`) that is filled in while it is sent.
"""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from huiyin.ground import moment
from huiyin.ground.people.models import User, hashed
from huiyin.ground.refusal import Invalid, Refused
from huiyin.journey.complaint.events import record
from huiyin.journey.complaint.words import What
from huiyin.journey.conversation.actions import post_letter, said
from huiyin.journey.cooperation import rules
from huiyin.journey.cooperation.models import Link, Task
from huiyin.journey.cooperation.permissions import can_judge

PURPOSE = "task_link"


@transaction.atomic
def issue(
    task: Task,
    *,
    by: User,
    name: str,
    email: str = "",
    days: int = 7,
    language: str = "zh-hans",
) -> tuple[Link, str]:
    """Make a link for this task; the second value is its address, to be shown once.

    With an address of mail it is sent there. A link made before for the same task ends.
    """
    can_judge.require(by, task)
    task.complaint.hold()
    if not task.is_waiting:
        raise Refused(_("这项任务现在不等部门答复，不能发链接"))
    name = said(name, name="name", most=120, missing=_("请写明链接给谁"))
    email = _address(email)
    if days not in rules.LINK_DAYS:
        raise Invalid(_("请选择链接的有效期"), days=_("请选择链接的有效期"))
    now = moment.now()
    task.links.filter(revoked_at=None).update(revoked_at=now)
    salt = secrets.token_hex(32)
    token = token_of(salt)
    link = Link.objects.create(
        task=task,
        leg=task.current,
        token_hash=hashed(token),
        salt=salt,
        name=name,
        email=email,
        language=language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE,
        by=by,
        at=now,
        expires_at=now + timedelta(days=days),
    )
    record(What.NOTED, task.complaint, by=by, task=task.pk, link=link.pk)
    if email:
        _mail(link)
    return link, address(token)


def _address(email: str) -> str:
    from django.core.exceptions import ValidationError
    from django.core.validators import validate_email

    email = email.replace("\x00", "").strip()
    if not email:
        return ""
    try:
        validate_email(email)
    except ValidationError as error:
        raise Invalid(_("邮箱写得不对，请检查"), email=_("邮箱写得不对，请检查")) from error
    return email[:254]


def token_of(salt: str) -> str:
    """The same token from the same salt, for whoever has the secret of the house."""
    digest = salted_hmac("huiyin.task-link", salt, algorithm="sha256").digest()
    return "".join(f"{byte:02x}" for byte in digest)


def address(token: str) -> str:
    return settings.BASE_URL + reverse("desk:outside", args=[token])


def seal(link: Link) -> str:
    """What stands in the letter until it is sent."""
    return f"⟦sealed:{link.pk}⟧"


def unsealed(pk: str) -> str:
    """The address for the mark, while the letter is sent; nothing for a link that has ended."""
    link = Link.objects.alive(moment.now()).filter(pk=int(pk)).first()
    return address(token_of(link.salt)) if link is not None else _("（链接已失效）")


def _mail(link: Link) -> None:
    """Only what one needs to know before opening it: nothing about the customer."""
    task = link.task
    with translation.override(link.language):
        until = timezone.localtime(link.expires_at).strftime("%Y-%m-%d %H:%M")
        lines = (
            _("%(name)s，您好：") % {"name": link.name},
            _("%(organisation)s 请您协助办理一件事，编号 %(number)s-%(task)s。")
            % {
                "organisation": settings.ORGANISATION,
                "number": task.complaint.number,
                "task": task.pk,
            },
            _("请打开下面的链接查看、签收和答复，不需要账号："),
            seal(link),
            _("链接在 %(until)s 前有效，只能办理这一件事，请不要转给别人。") % {"until": until},
            settings.ORGANISATION,
        )
        post_letter(
            task.complaint,
            event=None,
            purpose=PURPOSE,
            recipient=link.email,
            subject=_("请协助办理：%(number)s-%(task)s")
            % {"number": task.complaint.number, "task": task.pk},
            body="\n\n".join(lines),
        )


@transaction.atomic
def revoke(link: Link, *, by: User) -> None:
    """From now on the link opens nothing. Twice is once."""
    can_judge.require(by, link.task)
    link.task.complaint.hold()
    if Link.objects.filter(pk=link.pk, revoked_at=None).update(revoked_at=moment.now()):
        record(What.NOTED, link.task.complaint, by=by, task=link.task_id, link=link.pk)


def opened(token: str) -> Link | None:
    """The link of this token, as long as it lives; wrong, ended and revoked ones alike None."""
    related = Link.objects.alive(moment.now()).select_related(
        "task__complaint__customer",
        "task__department",
        "task__handler",
        "task__by",
        "task__leg__sign_clock",
        "task__leg__clock",
    )
    return related.filter(token_hash=hashed(token)).first()
