"""Signing in, and what people change about themselves."""

from __future__ import annotations

from django.contrib.auth.hashers import check_password, make_password
from django.db import connection, transaction
from django.utils.translation import gettext as _

from huiyin.ground import moment
from huiyin.ground.people import rules
from huiyin.ground.people.models import SignIn, SignInTry, User, hashed
from huiyin.ground.people.words import Presence
from huiyin.ground.refusal import Invalid, Refused, TooMany

# Counting before checking makes 200 parallel tries count as 200 (V47): the row's lock orders them.
COUNT_TRY = """
INSERT INTO people_signintry AS t (name_hash, failures, first_at) VALUES (%(name)s, 1, %(now)s)
ON CONFLICT (name_hash) DO UPDATE SET
  failures = CASE WHEN t.first_at <= %(over)s THEN 1 ELSE t.failures + 1 END,
  first_at = CASE WHEN t.first_at <= %(over)s THEN %(now)s ELSE t.first_at END
RETURNING failures
"""

_nobody = ""


def _hash_of_nobody() -> str:
    """An unknown name costs the same work as a known one (V41)."""
    global _nobody
    _nobody = _nobody or make_password("nobody has this password")
    return _nobody


def sign_in(username: str, password: str, *, address: str | None) -> User:
    """The person with this name and password. Raises Invalid when wrong, TooMany when locked.

    The sentence is the same for a wrong password, an unknown name and a disabled account.
    """
    now, name = moment.now(), rules.sign_in_name(username)
    with connection.cursor() as cursor:
        cursor.execute(
            COUNT_TRY, {"name": hashed(name), "now": now, "over": now - rules.LOCKED_FOR}
        )
        failures = cursor.fetchone()[0]
    if failures > rules.MAX_FAILURES:
        raise TooMany(_("登录失败次数过多，请 15 分钟后再试，或联系管理员重置密码"))
    user: User | None = User.objects.active().filter(username=name).first()
    usable = user.password if user and user.has_usable_password() else _hash_of_nobody()
    right = len(password) <= rules.MAX_PASSWORD and check_password(password, usable)
    if not (user and right and usable == user.password):
        SignIn.objects.create(username=name, user=None, address=address, succeeded=False, at=now)
        raise Invalid(_("用户名或密码不正确，请检查大小写后再试"))
    SignInTry.objects.filter(name_hash=hashed(name)).delete()
    SignIn.objects.create(username=name, user=user, address=address, succeeded=True, at=now)
    return user


@transaction.atomic
def change_password(user: User, *, old: str, new: str) -> None:
    """Change one's own password. All other sessions end by the session hash."""
    if len(old) > rules.MAX_PASSWORD or not user.check_password(old):
        raise Invalid(_("原密码不正确"), old=_("原密码不正确"))
    check_new_password(new, user)
    user.set_password(new)
    user.save(update_fields=["password"])


def check_new_password(password: str, user: User) -> None:
    """Refuse what is too short, too long, common, or the name itself (ASVS 6.2)."""
    from django.contrib.auth.password_validation import validate_password
    from django.core.exceptions import ValidationError

    if len(password) > rules.MAX_PASSWORD:
        raise Invalid(_("密码最长 128 个字符"), new=_("密码最长 128 个字符"))
    try:
        validate_password(password, user)
    except ValidationError as refused:
        sentence = " ".join(refused.messages)
        raise Invalid(sentence, new=sentence) from refused


def set_presence(user: User, presence: str) -> None:
    if presence not in Presence.values:
        raise Refused(_("没有这种状态，请从 在岗、小休、离岗 中选择"))
    User.objects.filter(pk=user.pk).update(presence=presence)
    user.presence = presence
