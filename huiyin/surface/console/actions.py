"""Changing a setting: permit, check that nobody changed it meanwhile, write, keep the history."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from django.db import models, transaction
from django.utils.translation import gettext as _

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.people.words import Role
from huiyin.ground.refusal import NotPermitted, Refused
from huiyin.journey.conversation import actions as conversation
from huiyin.journey.conversation.models import Letter
from huiyin.surface.console import rules
from huiyin.surface.console.forms.setting import SettingForm
from huiyin.surface.console.models import ConfigChange
from huiyin.surface.console.permissions import can_change_person
from huiyin.surface.console.section import Act, Section
from huiyin.surface.console.words import Did

Row = TypeVar("Row", bound=models.Model)
# No look-alikes (0 O 1 l I): a one-time password is read out over the telephone.
SPEAKABLE = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
ONE_TIME_LENGTH = 14  # × log2(55) = 80 bits


def keep(
    section: Section, row: models.Model, did: Did, *, by: User, changes: Iterable[Any] = ()
) -> ConfigChange:
    """Write one line of a setting's history."""
    return ConfigChange.objects.create(
        by=by,
        section=section.name,
        subject_id=str(row.pk),
        subject=str(row)[:200],
        did=did,
        changes=list(changes),
        at=moment.now(),
    )


@transaction.atomic
def save(section: Section, form: SettingForm, *, by: User) -> tuple[models.Model, str]:
    """Store a valid form. Returns the row, and a secret to be shown once ("" when none)."""
    row = form.instance
    is_new = not form.is_there
    before: dict[str, str] = {}
    if is_new:
        _require(section, by, None)
    else:
        stored = section.model._default_manager.select_for_update().get(pk=row.pk)
        _require(section, by, stored)
        if form.cleaned_data["seen"] != form.fingerprint(stored):
            raise Refused(_overtaken(section, stored))
        before = form.snapshot(stored)
    row, secret = section.save(form, by) if section.save else (form.save(), "")
    # Read again: what was typed is not yet what a choice or a relation says of itself.
    fresh = section.model._default_manager.get(pk=row.pk)
    found = [
        {"field": d.field, "before": d.before or "", "after": d.after}
        for d in rules.differences(before, form.snapshot(fresh))
        if d.before or d.after
    ]
    if is_new or found:
        keep(section, fresh, Did.CREATED if is_new else Did.CHANGED, by=by, changes=found)
    return fresh, secret


@transaction.atomic
def kept(section: Section, row: Row, act: Callable[[], Row], *, by: User) -> Row:
    """Write a row of this section by its stage's own act (a program asks for it), and keep what
    changed in the history, as if it had been typed on the page."""
    is_new = row._state.adding
    told = section.form_class()(instance=row, by=by)
    before, was_out = {}, False
    if not is_new:
        stored = section.model._default_manager.select_for_update().get(pk=row.pk)
        before, was_out = told.snapshot(stored), section.is_retired(stored)
    made = act()
    found = [
        {"field": d.field, "before": d.before or "", "after": d.after}
        for d in rules.differences(before, told.snapshot(made))
        if d.before or d.after
    ]
    if is_new or found:
        keep(section, made, Did.CREATED if is_new else Did.CHANGED, by=by, changes=found)
    if section.is_retired(made) != was_out:
        keep(section, made, Did.RETIRED if section.is_retired(made) else Did.RESTORED, by=by)
    return made


def _overtaken(section: Section, row: models.Model) -> str:
    """Who was quicker, and what to do: nothing typed is lost, nothing is overwritten unseen."""
    last = ConfigChange.objects.filter(section=section.name, subject_id=str(row.pk)).first()
    name = last.by.name if last else _("别人")
    return _(
        "%(name)s刚刚修改过这一项；您写的还在下面，没有保存。请对照右侧的变更记录，确认后再保存一次"
    ) % {"name": name}


@transaction.atomic
def retire(section: Section, row: models.Model, *, by: User) -> None:
    """Put a row out of use. Twice is once."""
    _require(section, by, row)
    if section.is_retired(row):
        return
    _guarded(section, row, Did.RETIRED)
    if isinstance(row, User):
        _keep_an_administrator(row, after=())
    is_flag = isinstance(getattr(row, section.retires), bool)
    _set(row, section.retires, False if is_flag else moment.now())
    keep(section, row, Did.RETIRED, by=by)


@transaction.atomic
def restore(section: Section, row: models.Model, *, by: User) -> None:
    _require(section, by, row)
    if not section.is_retired(row):
        return
    _guarded(section, row, Did.RESTORED)
    is_flag = isinstance(getattr(row, section.retires), bool)
    _set(row, section.retires, True if is_flag else None)
    keep(section, row, Did.RESTORED, by=by)


def _guarded(section: Section, row: models.Model, did: Did) -> None:
    if sentence := section.guard(row, did):
        raise Refused(sentence)


def _set(row: models.Model, name: str, value: object) -> None:
    # By the row's own save, since some rows tell the rules that their words have changed.
    setattr(row, name, value)
    row.save(update_fields=[name])


@transaction.atomic
def remove(section: Section, row: models.Model, *, by: User) -> None:
    """Delete a row for good; what it said stays in the history."""
    _require(section, by, row)
    if not section.removes:
        raise Refused(_("这一项只能停用，不能删除"))
    said = section.form_class()(instance=row).snapshot(row)
    changes = [{"field": k, "before": v, "after": ""} for k, v in said.items() if v]
    keep(section, row, Did.REMOVED, by=by, changes=changes)
    row.delete()


@transaction.atomic
def run(section: Section, act: Act, row: models.Model, *, by: User) -> str:
    """Do one of a section's own acts. Returns a secret to be shown once, or ""."""
    act.may.require(by, row)
    if not act.shown(row):
        raise Refused(_("现在不需要“%(act)s”，请刷新页面查看最新状态") % {"act": act.label})
    secret = act.run(row, by)
    keep(section, row, act.did, by=by)
    return secret or ""


def retry_letter(letter: Letter, by: User) -> None:
    """Queue a letter once more; the act's history says who wanted it."""
    conversation.retry_letter(letter, by=by)


def cancel_letter(letter: Letter, by: User) -> None:
    """It is not sent any more; the act's history says who wanted it."""
    conversation.cancel_letter(letter)


def _require(section: Section, by: User, row: models.Model | None) -> None:
    if section.may_change is None:
        raise NotPermitted(_("这一栏只能查看，不能修改"))
    section.may_change.require(by, row)


# People: the one kind of setting with rules of its own.


def save_person(form: SettingForm, by: User) -> tuple[User, str]:
    """Store a user with roles and teams; a new one gets a one-time password."""
    person: User = form.instance
    is_new = not form.is_there
    stored = None if is_new else User.objects.select_for_update().get(pk=person.pk)
    before = stored.roles if stored else []
    can_change_person.require(by, stored)
    after = form.cleaned_data["roles"]
    if rules.not_grantable(by.roles, before=before, after=after, every=Role.values):
        raise NotPermitted(_("您不能授予或收回高于自己权限的角色"))
    if rules.conflict(after):
        raise Refused(_("审计管理员不能同时是系统管理员或安全管理员（三员分立）"))
    if stored:
        _keep_an_administrator(stored, after=after)
    secret = ""
    if is_new:
        secret = one_time_password()
        person.set_password(secret)
    person = form.save()
    person.teams.set(form.cleaned_data["teams"])
    return person, secret


def reset_password(person: User, by: User) -> str:
    """A new one-time password; all sessions of the person end with the old hash."""
    can_change_person.require(by, person)
    secret = one_time_password()
    person.set_password(secret)
    person.save(update_fields=["password"])
    return secret


def one_time_password() -> str:
    return "".join(secrets.choice(SPEAKABLE) for _ in range(ONE_TIME_LENGTH))


def _keep_an_administrator(person: User, *, after: Iterable[str]) -> None:
    """Refuse to let the last active holder of an administrator's role go.

    The holders are locked in one order, so two administrators cannot remove each other at once.
    """
    for role in rules.NEVER_EMPTY:
        if role not in person.roles or role in after or not person.is_active:
            continue
        holders = User.objects.active().with_role(role).order_by("pk").select_for_update()
        if {holder.pk for holder in holders} <= {person.pk}:
            raise Refused(
                _("%(name)s是最后一名%(role)s，不能停用，也不能收回这个角色")
                % {"name": person.name, "role": Role(role).label}
            )
