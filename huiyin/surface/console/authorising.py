"""The way of the browser to the provider of a mailbox and back."""

from __future__ import annotations

import re
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from huiyin.ground import moment
from huiyin.ground.refusal import Refused, why_refused
from huiyin.ground.web.http import HuiyinRequest
from huiyin.journey.channels.mail.actions import authorising
from huiyin.journey.channels.mail.models import Mailbox
from huiyin.journey.channels.mail.permissions import can_manage_mailboxes
from huiyin.surface.console import actions
from huiyin.surface.console.sections import BY_NAME

BEGUN = "mailbox_authorising"  # in the session of who began it
VALID_FOR = 15 * 60  # seconds
WHY = re.compile(r"[a-z_]{1,60}")


def back() -> str:
    """Our address, as it is registered at the provider."""
    return settings.BASE_URL + reverse("console:authorised")


def shown(mailbox: Any, _request: HuiyinRequest) -> dict[str, Any]:
    """Beside the form of a mailbox."""
    return {"oauth_back": back(), "may_authorise": authorising.may_begin(mailbox)}


@never_cache
@login_required
@require_GET
def authorise(request: HuiyinRequest, pk: int) -> HttpResponse:
    """To the provider. Only this session can finish what it begins."""
    can_manage_mailboxes.require(request.user, None)
    mailbox = get_object_or_404(Mailbox, pk=pk)
    begun = authorising.begin(mailbox, by=request.user, back=back())
    request.session[BEGUN] = {
        "mailbox": mailbox.pk,
        "state": begun.state,
        "verifier": begun.verifier,
        "until": moment.now().timestamp() + VALID_FOR,
    }
    return HttpResponseRedirect(begun.address)


@never_cache
@login_required
@require_GET
def authorised(request: HuiyinRequest) -> HttpResponse:
    """Back again, with a code that is good for one exchange."""
    can_manage_mailboxes.require(request.user, None)
    begun = request.session.pop(BEGUN, None)
    state = request.GET.get("state", "")
    if (
        begun is None
        or not constant_time_compare(state, begun["state"])
        or moment.now().timestamp() > begun["until"]
    ):
        raise Refused(_("这次授权不是从这里开始的，或已经过期；请在邮箱页重新点“授权”"))
    mailbox = get_object_or_404(Mailbox, pk=begun["mailbox"])
    code = request.GET.get("code", "")[:4000]
    if not code:
        told = WHY.fullmatch(request.GET.get("error", ""))
        words = _("服务商没有同意授权：%(why)s") % {"why": told[0] if told else _("没有说明")}
        messages.error(request, words)
        return redirect("console:row", "mailboxes", mailbox.pk)

    def finish() -> Mailbox:
        return authorising.finish(
            mailbox, by=request.user, back=back(), code=code, verifier=begun["verifier"]
        )

    section = BY_NAME["mailboxes"]
    if why := why_refused(lambda: actions.kept(section, mailbox, finish, by=request.user)):
        messages.error(request, why)
    else:
        messages.success(request, _("已授权，令牌已加密保存；可以测试连接了"))
    return redirect("console:row", "mailboxes", mailbox.pk)
