"""The page of a consent link: the options in plain words; yes, no, or let us talk.

The token stands in the path: it goes to nobody (no referrer, no cache), and opens the options of
one complaint and nothing else. A wrong, ended or revoked one is answered alike, and counted per
address. GET changes nothing. The token alone opens it, never a cookie: so nobody can make another's
browser act here, and no CSRF token is asked for (a page without referrer posts with the origin
null, which Django refuses).
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_GET, require_POST

from huiyin.ground.people.models import User
from huiyin.ground.refusal import Invalid, TooMany
from huiyin.ground.web.forms import TakingForm
from huiyin.journey.consent import actions, rules
from huiyin.journey.consent.models import ConsentLink
from huiyin.journey.consent.words import Choice
from huiyin.journey.resolution.models import Offer
from huiyin.journey.resolution.words import OfferState
from huiyin.surface.portal.often import too_often

WRONG_AN_HOUR = 30  # by one address: a token has 256 bits, this is against noise
ACTS_AN_HOUR = 60


class ChoiceForm(TakingForm):
    """Which option; and a signature drawn on the page, for who likes to sign."""

    offer = forms.IntegerField(
        error_messages={
            "required": gettext_lazy("请先选一个方案"),
            "invalid": gettext_lazy("请先选一个方案"),
        }
    )
    signature = forms.CharField(required=False)

    def drawn(self) -> UploadedFile[Any] | None:
        raw = rules.drawing(self.cleaned_data["signature"])
        if raw is None:
            raise Invalid(_("签名没有收到，请重新签，或不签名直接同意"), signature=_("请重新签"))
        return SimpleUploadedFile("signature.png", raw, "image/png") if raw else None


class WhyForm(TakingForm):
    text = forms.CharField(
        label=gettext_lazy("哪里不合适，您希望怎样"),
        required=False,
        max_length=rules.LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": rules.LONGEST_WORDS}),
    )


class TalkForm(WhyForm):
    text = forms.CharField(
        label=gettext_lazy("想谈什么，什么时候方便接电话"),
        required=False,
        max_length=rules.LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": rules.LONGEST_WORDS}),
    )


@sensitive_variables("token")
def _opened(request: HttpRequest, token: str) -> ConsentLink:
    """The living link of this token; 404 for every reason why there is none."""
    link = actions.opened(token) if len(token) == 64 else None
    if link is None:
        if too_often(request, "consent:wrong", WRONG_AN_HOUR):
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
def offer(request: HttpRequest, token: str) -> HttpResponseBase:
    return _page(request, _opened(request, token), token)


def _page(
    request: HttpRequest, link: ConsentLink, token: str, status: int = 200, **typed: Any
) -> HttpResponseBase:
    if "django_language" not in request.COOKIES and "lang" not in request.GET:
        translation.activate(link.language)
    state = actions.state_of(link)
    options = actions.options(link.complaint) if state == "open" else []
    taken = _taken(link) if state == "answered" else None
    context = {
        "complaint": link.complaint,
        "link": link,
        "token": token,
        "state": state,
        "offers": options,
        "taken": taken,
        "may_withdraw": taken is not None and taken.state == OfferState.AGREED,
        "choice_form": typed.get("choice_form") or ChoiceForm(),
        "why_form": typed.get("why_form") or WhyForm(),
        "talk_form": typed.get("talk_form") or TalkForm(),
        "change_form": typed.get("change_form") or WhyForm(),
    }
    return _guarded(render(request, "portal/offer.html", context, status=status))


def _taken(link: ConsentLink) -> Offer | None:
    if link.answer != Choice.ACCEPTED:
        return None
    chosen = link.complaint.offers.filter(consents__link=link).select_related("remedy").first()
    if chosen is not None:
        chosen.complaint = link.complaint
    return chosen


@csrf_exempt
@never_cache
@sensitive_post_parameters()
@sensitive_variables("token")
@require_POST
def answer(request: HttpRequest, token: str, act: str) -> HttpResponseBase:
    """Yes, no, let us talk, no longer: by the system for the link, which stays on record."""
    link = _opened(request, token)
    if too_often(request, "consent:act", ACTS_AN_HOUR):
        raise TooMany(_("操作太频繁了，请一小时后再试"))
    doing = ACTS.get(act)
    if doing is None:
        raise Http404
    return doing(request, link, token)


def _done(request: HttpRequest, token: str, sentence: str) -> HttpResponseBase:
    messages.success(request, sentence)
    return _guarded(redirect("portal:offer", token))


def _accept(request: HttpRequest, link: ConsentLink, token: str) -> HttpResponseBase:
    form = ChoiceForm(request.POST)
    if form.is_valid() and form.did(
        lambda: actions.accept(
            link.complaint,
            offer_pk=form.cleaned_data["offer"],
            link=link,
            signature=form.drawn(),
        )
    ):
        return _done(request, token, _("已记下您同意，我们马上办理"))
    return _again(request, link, token, form.status, choice_form=form)


def _refuse(request: HttpRequest, link: ConsentLink, token: str) -> HttpResponseBase:
    form = WhyForm(request.POST)
    if form.is_valid() and form.did(
        lambda: actions.refuse(link.complaint, words=form.cleaned_data["text"], link=link)
    ):
        return _done(request, token, _("已记下，我们会再想办法"))
    return _again(request, link, token, form.status, why_form=form)


def _talk(request: HttpRequest, link: ConsentLink, token: str) -> HttpResponseBase:
    form = TalkForm(request.POST)
    if form.is_valid() and form.did(
        lambda: actions.talk(link.complaint, words=form.cleaned_data["text"], link=link)
    ):
        return _done(request, token, _("已记下，我们会尽快与您联系；您也可以随时在这里选择"))
    return _again(request, link, token, form.status, talk_form=form)


def _withdraw(request: HttpRequest, link: ConsentLink, token: str) -> HttpResponseBase:
    form, taken = WhyForm(request.POST), _taken(link)
    if taken is None:
        raise Http404
    if form.is_valid() and form.did(
        lambda: actions.withdraw(
            taken,
            by=User.objects.system(),
            words=form.cleaned_data["text"].strip() or _("客户在链接上撤回同意"),
        )
    ):
        return _done(request, token, _("已记下您不再同意，没有办的会停下来，我们会与您联系"))
    return _again(request, link, token, form.status, change_form=form)


def _again(
    request: HttpRequest, link: ConsentLink, token: str, status: int, **forms: Any
) -> HttpResponseBase:
    """The page as it stands now, with what was wrong."""
    return _page(request, _opened(request, token), token, status, **forms)


ACTS = {"accept": _accept, "refuse": _refuse, "talk": _talk, "withdraw": _withdraw}
