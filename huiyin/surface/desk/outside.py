"""The page of somebody who has a link and no account. Nothing is changed by GET.

The token stands in the path: it goes to nobody (no referrer, no cache), and what it opens is one
task, masked. A wrong, ended or revoked one is answered alike, and counted per address.

The token alone opens it, never a cookie: so nobody can make another's browser act here, and no
CSRF token is asked for (a page without referrer posts with the origin null, which Django refuses).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_GET, require_POST

from huiyin.ground.people.models import User
from huiyin.ground.refusal import TooMany
from huiyin.ground.web.forms import TakingForm
from huiyin.journey.conversation import actions as conversation
from huiyin.journey.conversation.views import served
from huiyin.journey.conversation.words import Receiver
from huiyin.journey.cooperation import actions, rules, shown
from huiyin.journey.cooperation.models import Link
from huiyin.journey.cooperation.views import file_of
from huiyin.surface.portal.forms import FilesField, ManyFiles
from huiyin.surface.portal.often import too_often

ACCEPT = "image/*,video/*,audio/*,.pdf,.doc,.docx,.xls,.xlsx,.txt,.csv"
WRONG_AN_HOUR = 30  # by one address: a token has 256 bits, this is against noise
ACTS_AN_HOUR = 60


class AnswerForm(TakingForm):
    text = forms.CharField(
        label=gettext_lazy("查到了什么、怎样处理"),
        max_length=rules.LONGEST_ANSWER,
        widget=forms.Textarea(attrs={"rows": 6, "maxlength": rules.LONGEST_ANSWER}),
    )
    uploads = FilesField(
        label=gettext_lazy("照片、报告、录音或单据"),
        required=False,
        help_text=gettext_lazy("最多 6 个，每个 50 MB 以内"),
        widget=ManyFiles(attrs={"accept": ACCEPT}),
    )


class RemarkForm(TakingForm):
    text = forms.CharField(
        label=gettext_lazy("留言"),
        max_length=rules.LONGEST_REMARK,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": rules.LONGEST_REMARK}),
    )


@sensitive_variables("token")
def _opened(request: HttpRequest, token: str) -> Link:
    """The living link of this token; 404 for every reason why there is none."""
    link = actions.opened(token) if len(token) == 64 else None
    if link is None:
        if too_often(request, "outside:wrong", WRONG_AN_HOUR):
            raise TooMany(_("尝试次数太多，请一小时后再试"))
        raise Http404
    return link


def _guarded(answer: HttpResponseBase) -> HttpResponseBase:
    answer["Referrer-Policy"] = "no-referrer"
    answer["X-Robots-Tag"] = "noindex, nofollow"
    answer["Cache-Control"] = "private, no-store"
    return answer


@never_cache
@sensitive_variables("token")
@require_GET
def outside(request: HttpRequest, token: str) -> HttpResponseBase:
    return _page(request, _opened(request, token), token)


def _page(
    request: HttpRequest, link: Link, token: str, status: int = 200, **typed: Any
) -> HttpResponseBase:
    if "django_language" not in request.COOKIES and "lang" not in request.GET:
        translation.activate(link.language)
    context = shown.page(link.task, User.objects.system(), link=link) | {
        "link": link,
        "token": token,
        "answer_form": typed.get("answer_form") or AnswerForm(),
        "remark_form": typed.get("remark_form") or RemarkForm(),
    }
    return _guarded(render(request, "desk/outside.html", context, status=status))


@csrf_exempt
@never_cache
@sensitive_variables("token")
@require_POST
def outside_act(request: HttpRequest, token: str, act: str) -> HttpResponseBase:
    """Signing, answering, a remark: by the system for the link, which stays on record."""
    link = _opened(request, token)
    if too_often(request, "outside:act", ACTS_AN_HOUR):
        raise TooMany(_("操作太频繁了，请一小时后再试"))
    doing = ACTS.get(act)
    if doing is None:
        raise Http404
    return doing(request, link, token)


def _done(request: HttpRequest, link: Link, token: str, sentence: str) -> HttpResponseBase:
    messages.success(request, sentence)
    return _guarded(redirect("desk:outside", token))


def _sign(request: HttpRequest, link: Link, token: str) -> HttpResponseBase:
    actions.sign(link.task, by=User.objects.system(), link=link)
    return _done(request, link, token, _("已签收，请按时答复"))


def _answer(request: HttpRequest, link: Link, token: str) -> HttpResponseBase:
    form = AnswerForm(request.POST, request.FILES)
    if form.is_valid():
        said = form.cleaned_data
        faults: dict[str, Any] = {}
        with transaction.atomic():
            made = form.take(
                lambda: actions.answer(
                    link.task,
                    by=User.objects.system(),
                    text=said["text"],
                    uploads=said["uploads"],
                    link=link,
                ),
                faults,
            )
        if made:
            return _done(request, link, token, _("已收到您的答复，谢谢"))
        if "files" in faults and not form.errors.get("uploads"):
            form.add_error("uploads", str(faults["files"]))
    return _again(request, link, token, answer_form=form)


def _remark(request: HttpRequest, link: Link, token: str) -> HttpResponseBase:
    form = RemarkForm(request.POST)
    if form.is_valid():
        text = form.cleaned_data["text"]
        if form.take(
            lambda: actions.remark(link.task, by=User.objects.system(), text=text, link=link)
        ):
            return _done(request, link, token, _("已留言"))
    return _again(request, link, token, remark_form=form)


def _again(request: HttpRequest, link: Link, token: str, **forms_: TakingForm) -> HttpResponseBase:
    """The page with what was typed and what is wrong with it."""
    status = next(iter(forms_.values())).status
    return _page(request, _opened(request, token), token, status, **forms_)


ACTS: dict[str, Callable[[HttpRequest, Link, str], HttpResponseBase]] = {
    "signing": _sign,
    "answers": _answer,
    "remarks": _remark,
}


@never_cache
@sensitive_variables("token")
@require_GET
def outside_file(request: HttpRequest, token: str, uuid: UUID) -> HttpResponseBase:
    """A file that was given along, or that came with an answer."""
    link = _opened(request, token)
    found = file_of(link.task, uuid, theirs=True)
    conversation.copied(
        found,
        by=User.objects.system(),
        receiver=Receiver.OUTSIDE,
        to=link.name,
        link=link.pk,
        always=False,
    )
    return _guarded(served(found))
