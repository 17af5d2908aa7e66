"""What the frame of every page knows: who serves, and where one can go."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.people.words import Role

OVERSEERS = (Role.LEAD, Role.SUPERVISOR, Role.MANAGER, Role.SUPERVISION)
KEEPERS = (Role.SYSADMIN, Role.SECADMIN, Role.AUDITOR, Role.MANAGER, Role.PRIVACY, Role.SUPERVISOR)
EDITORS = (Role.KNOWLEDGE, Role.LEGAL)  # for whom reviews of knowledge are counted
TAKERS = (Role.AGENT, Role.SPECIALIST, Role.TRIAGER, Role.LEAD, Role.SUPERVISOR, Role.MANAGER)
IMPROVERS = (Role.QA, Role.DEPT_HEAD, Role.DEPT_HANDLER)
# Whom an S1 may call: they see the calls on every page.
CALLED = (*OVERSEERS, Role.LEGAL, Role.PUBLIC_RELATIONS, Role.FINANCE)
# Who reads what customers say of the handling; those it judges only in sums.
SURVEYED = (*OVERSEERS, Role.AGENT, Role.SPECIALIST, Role.QA)
# Whose call-backs wait in a queue.
CALLERS = (*TAKERS, Role.VISITOR)
# Who decides about mails that belong to no complaint; who sees how the channels are.
REVIEWERS = (Role.TRIAGER, Role.LEAD, Role.SUPERVISOR, Role.MANAGER)
CHANNEL_KEEPERS = (Role.SYSADMIN, Role.MANAGER, Role.SUPERVISOR)
WORKERS = (*TAKERS, Role.SUPERVISION, Role.VISITOR, Role.PRIVACY, Role.LEGAL)


def frame(request: HttpRequest) -> dict[str, Any]:
    """Nothing is queried unless the frame is really drawn: parts of pages come without it."""
    user = getattr(request, "user", None)
    base = {"organisation": settings.ORGANISATION, "demo": settings.DEMO}
    if not isinstance(user, User):
        return base
    counted: SimpleLazyObject[dict[str, str]] = SimpleLazyObject(lambda: _counts(user))
    return base | {
        "may_be_called": user.has_role(*CALLED),
        "may_take_calls": SimpleLazyObject(lambda: _telephones(user)),
        "navigation": SimpleLazyObject(lambda: _navigation(request, user, counted)),
        "queue_counts": SimpleLazyObject(lambda: list(counted.items())),
    }


def _telephones(user: User) -> bool:
    """Whoever has an extension, and whoever is called into calls; the others ask for nothing."""
    from huiyin.journey.channels.phone.models import phones

    known = phones()
    return (
        bool(known)
        and user.has_role(*TAKERS, Role.VISITOR)
        and (user.pk in known.values() or user.has_role(Role.SUPERVISOR, Role.LEAD, Role.MANAGER))
    )


def _counts(user: User) -> dict[str, str]:
    from huiyin.ground.knowledge.actions import waiting_for
    from huiyin.journey.callbacks import lists as calls
    from huiyin.journey.channels.chat import lists as chats
    from huiyin.journey.channels.mail import lists as mails
    from huiyin.journey.channels.phone import lists as spoken
    from huiyin.surface.desk.lists import badge
    from huiyin.surface.inbox.lists import total
    from huiyin.surface.workbench import lists

    found = {"inbox": total(user), **badge(user)}
    if user.has_role(*WORKERS):
        found |= lists.counts(user, moment.now())
    if user.has_role(*EDITORS):
        found["knowledge"] = waiting_for(user)[:1000].count()
    if user.has_role(*REVIEWERS):
        found["mail"] = mails.waiting(user)
    if user.has_role(*TAKERS):
        found["chats"] = chats.asking(user)
    if user.has_role(*CALLERS):
        found["callbacks"] = calls.waiting(user, moment.now())
        found["calls"] = spoken.waiting(user)
    return {key: lists.shown_count(count) for key, count in found.items()}


def _tasks(user: User, item: Any, counts: Any) -> list[dict[str, Any]]:
    """A department begins with its tasks; those who ask departments have them further down."""
    from huiyin.surface.desk.lists import is_department

    if is_department(user):
        waiting = counts.get("tasks", "")
        entry = item(_("协办任务"), "/desk/", "list-checks", count_key="tasks", count=waiting)
        return [entry, item(_("协办通讯录"), "/directory/", "book-user")]
    if user.has_role(*TAKERS, Role.SUPERVISION):
        return [item(_("协办任务"), "/desk/", "list-checks")]
    return []


def _navigation(request: HttpRequest, user: User, counts: Any) -> list[dict[str, Any]]:
    from huiyin.surface.inbox.lists import ASKED
    from huiyin.surface.workbench.lists import VIEWS

    here, view = request.path, request.GET.get("view", "mine")
    in_queue = here == "/queue/" and not request.GET.get("q")

    def item(title: str, url: str, icon: str, **more: Any) -> dict[str, Any]:
        active = here.startswith(url.split("?")[0]) if "?" not in url else False
        return {"title": title, "url": url, "icon": icon, "active": active, **more}

    work: list[dict[str, Any]] = []
    if user.has_role(*TAKERS):
        work.append(item(_("受理登记"), "/registration/", "clipboard-pen"))
    if user.has_role(*WORKERS):
        for one in VIEWS:
            if one.key in {"mine", "waiting", "soon", "late", "visit", "all"}:
                entry = item(str(one.title), f"/queue/?view={one.key}", one.icon, hot=one.hot)
                entry["active"] = in_queue and view == one.key
                if one.key != "all":
                    entry |= {"count_key": one.key, "count": counts.get(one.key, "")}
                work.append(entry)
    if user.has_role(*ASKED):
        waiting = counts.get("inbox", "")
        entry = item(_("待我审批"), "/inbox/", "stamp", count_key="inbox", count=waiting, hot=True)
        work.insert(min(2, len(work)), entry)
    if user.has_role(*CALLERS):
        entry = item(_("回访队列"), "/callbacks/", "phone-call", count_key="callbacks")
        work.append(entry | {"count": counts.get("callbacks", "")})
        entry = item(_("通话"), "/calls/", "phone", count_key="calls")
        work.append(entry | {"count": counts.get("calls", "")})
    if user.has_role(*TAKERS):
        entry = item(_("在线聊天"), "/chats/", "messages-square", count_key="chats", hot=True)
        work.append(entry | {"count": counts.get("chats", "")})
    if user.has_role(*REVIEWERS):
        entry = item(_("邮件核对"), "/mail/", "mail-search", count_key="mail")
        work.append(entry | {"count": counts.get("mail", "")})
    seldom: list[dict[str, Any]] = []
    if user.has_role(*TAKERS):
        seldom.append(item(pgettext("many", "信件"), "/paper/", "scan-text"))
        seldom.append(item(_("柜台"), "/counter/", "store"))
    if user.has_role(*TAKERS, Role.PUBLIC_RELATIONS, Role.LEGAL, Role.SUPERVISION):
        seldom.append(item(_("公开帖子"), "/posts/", "globe"))
    if user.has_role(*WORKERS):
        seldom.append(item(_("录音"), "/recordings/", "audio-lines"))
    work += _tasks(user, item, counts)
    house: list[dict[str, Any]] = []
    if user.has_role(*TAKERS):
        house.append(item(_("团队与离岗"), "/team/", "calendar-clock"))
    if user.has_role(*TAKERS, Role.SUPERVISION):
        house.append(item(_("承诺台账"), "/promises/", "handshake"))
    if user.has_role(*OVERSEERS):
        house.append(item(_("督办看板"), "/board/", "layout-dashboard"))
    if user.has_role(*OVERSEERS, Role.DEPT_HEAD):
        house.append(item(_("督办"), "/supervision/", "eye"))
    if user.has_role(*OVERSEERS, *IMPROVERS):
        house.append(item(_("整改"), "/improvements/", "wrench"))
    house.append(item(_("通报"), "/bulletins/", "megaphone"))
    if user.has_role(*OVERSEERS, Role.TRIAGER):
        house.append(item(_("群体事件"), "/incidents/", "users-round"))
    if user.has_role(*SURVEYED):
        house.append(item(_("满意度调查"), "/surveys/", "star"))
    house.append(item(_("案例库"), "/cases/", "graduation-cap"))
    library = item(_("知识"), "/knowledge/", "book-open-text", count_key="knowledge")
    house.append(library | {"count": counts.get("knowledge", "")})
    if user.has_role(*CHANNEL_KEEPERS):
        house.append(item(pgettext("many", "渠道"), "/channels/", "radio-tower"))
    if user.has_role(*KEEPERS):
        house.append(item(_("管理"), "/console/", "settings"))
    groups: list[dict[str, Any]] = [{"title": "", "items": work}]
    if len(seldom) > 1:  # folded, so that the bar has room for what is looked at all day
        is_open = any(one["active"] for one in seldom)
        fold = {"title": _("其他渠道"), "fold": "ellipsis", "is_open": is_open}
        groups.append(fold | {"items": seldom})
    else:
        work += seldom
    if house:
        groups.append({"title": _("管理与督办"), "items": house})
    return groups
