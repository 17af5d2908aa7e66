"""The portal's pages. Nobody signs in: number and code open one complaint for this session."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.privacy.models import PrivacyNotice
from huiyin.ground.web.http import client_address
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import Status
from huiyin.journey.conversation.views import is_uuid, served
from huiyin.journey.intake.actions import Contact
from huiyin.journey.intake.rules import spoken_code
from huiyin.journey.routing import actions as routing
from huiyin.journey.survey import actions as survey
from huiyin.surface.portal import actions, calling, rules, story
from huiyin.surface.portal.access import grant, leave, opened
from huiyin.surface.portal.forms import (
    AnswerForm,
    ComplainForm,
    FollowForm,
    JudgeForm,
    MoreForm,
    WordsForm,
)


@require_GET
def start(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/start.html", {"form": FollowForm()})


@require_GET
def privacy(request: HttpRequest) -> HttpResponse:
    notice = PrivacyNotice.objects.current(moment.now())
    return render(request, "portal/privacy.html", {"notice": notice})


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def complain(request: HttpRequest) -> HttpResponse:
    """Three steps on one page; at the end number and code."""
    notice = PrivacyNotice.objects.current(moment.now())
    version = notice.version if notice else ""
    form = ComplainForm(request.POST or None, request.FILES or None, version=version)
    if form.is_valid():
        said = form.cleaned_data
        done = form.take(
            lambda: actions.complain(
                address=client_address(request),
                contact=_contact(said),
                text=said["text"],
                wanted=said["wanted"],
                order_no=said["order_no"],
                happened_on=said["happened_on"],
                concerning=said["concerning"],
                privacy_version=version,
                key=str(said["key"]),
                files=said["uploads"],
            )
        )
        if done:
            grant(request, done.complaint)
            request.session["portal_received"] = done.complaint.number
            return redirect("portal:received")
    status = form.status if form.errors else 200
    return render(request, "portal/complain.html", {"form": form, "notice": notice}, status=status)


def _contact(said: dict[str, Any]) -> Contact:
    if said["anonymous"]:
        return Contact(name=said["name"])
    return Contact(name=said["name"], phone=said["phone"], email=said["email"])


@never_cache
@require_GET
def received(request: HttpRequest) -> HttpResponse:
    """The number and the code, large; only for the session that complained."""
    number = request.session.get("portal_received", "")
    complaint = opened(request, number)
    if complaint is None:
        return redirect("portal:start")
    context = {
        "complaint": complaint,
        "code": spoken_code(complaint.tracking_code),
        "next": story.next_word(complaint, timezone.localtime(moment.now())),
    }
    return render(request, "portal/received.html", context)


@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def follow(request: HttpRequest) -> HttpResponse:
    """Number and code, by POST only, so that the code stands in no address and no log."""
    form = FollowForm(request.POST or None)
    if form.is_valid():
        said = form.cleaned_data
        complaint = form.take(
            lambda: actions.follow(said["number"], said["code"], address=client_address(request))
        )
        if complaint:
            grant(request, complaint)
            return redirect("portal:mine", complaint.number)
    return render(
        request, "portal/follow.html", {"form": form}, status=form.status if form.errors else 200
    )


def _mine(request: HttpRequest, number: str) -> Complaint:
    """The complaint this session has opened. Anything else does not exist."""
    complaint = opened(request, number)
    if complaint is None:
        raise Http404
    return complaint


@never_cache
@require_GET
def mine(request: HttpRequest, number: str) -> HttpResponse:
    complaint = opened(request, number)
    if complaint is None:
        return redirect("portal:follow")
    return page_of(request, complaint)


def page_of(
    request: HttpRequest, complaint: Complaint, status: int = 200, **forms: Any
) -> HttpResponse:
    now = moment.now()
    context = {
        "complaint": complaint,
        "code": spoken_code(complaint.tracking_code),
        "steps": story.steps(complaint),
        "next": story.next_word(complaint, timezone.localtime(now)),
        "told": story.told(complaint),
        "parts": story.parts(complaint),
        "joint": story.joint_progress(complaint),
        "may_urge": complaint.is_open or complaint.status == Status.MRG,
        "messages_between_us": story.messages(complaint),
        "survey_link": _survey_link(complaint),
        "may_judge": rules.may_judge(complaint.status, complaint.closed_at, now),
        "offers": story.offers_to_answer(complaint),
        "taken": story.offer_taken(complaint),
        "promised": story.promised(complaint),
        "called": calling.asked(complaint),
        "call_form": calling.offered(complaint, forms.get("call_form")),
        "answer_form": forms.get("answer_form") or AnswerForm(),
        "more_form": forms.get("more_form") or MoreForm(),
        "more_key": uuid4(),
        "words_form": forms.get("words_form") or WordsForm(),
        "judge_form": forms.get("judge_form") or JudgeForm(),
    }
    return render(request, "portal/mine.html", context, status=status)


def _survey_link(complaint: Complaint) -> str:
    """Where the customer answers a survey that waits for him; "" when none does."""
    invitation = survey.invited(complaint)
    return survey.address_of(invitation) if invitation is not None else ""


@never_cache
@require_POST
def add(request: HttpRequest, number: str) -> HttpResponse:
    complaint = _mine(request, number)
    form = MoreForm(request.POST, request.FILES)
    if form.is_valid():
        said, typed = form.cleaned_data, request.POST.get("key", "")
        asked = {"text": said["text"], "files": said["uploads"]}
        if form.take(lambda: actions.add(complaint, **asked, key=typed if is_uuid(typed) else "")):
            messages.success(request, _("已收到您的补充，处理人员会看到"))
            return redirect("portal:mine", number)
    return page_of(request, complaint, form.status, more_form=form)


@never_cache
@require_POST
def urge(request: HttpRequest, number: str) -> HttpResponse:
    complaint = _mine(request, number)
    form = WordsForm(request.POST)
    if form.is_valid() and form.did(
        lambda: routing.urge(complaint, by=User.objects.system(), by_customer=True)
    ):
        messages.success(request, _("已催促处理人员"))
        return redirect("portal:mine", number)
    return page_of(request, complaint, form.status, words_form=form)


@never_cache
@require_POST
def escalate(request: HttpRequest, number: str) -> HttpResponse:
    complaint = _mine(request, number)
    form = WordsForm(request.POST)
    if form.is_valid() and form.did(
        lambda: actions.ask_escalation(complaint, text=form.cleaned_data["text"])
    ):
        messages.success(request, _("已请上级负责人过问，负责人会尽快与您联系"))
        return redirect("portal:mine", number)
    return page_of(request, complaint, form.status, words_form=form)


@never_cache
@require_POST
def answer(request: HttpRequest, number: str) -> HttpResponse:
    complaint = _mine(request, number)
    form = AnswerForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        if form.did(
            lambda: actions.answer(
                complaint, offer_pk=said["offer"], agreed=said["agreed"], text=said["text"]
            )
        ):
            thanks = (
                _("已记下您同意，我们马上办理") if said["agreed"] else _("已记下，我们会再想办法")
            )
            messages.success(request, thanks)
            return redirect("portal:mine", number)
        complaint.refresh_from_db()
    return page_of(request, complaint, form.status, answer_form=form)


@never_cache
@require_POST
def talk(request: HttpRequest, number: str) -> HttpResponse:
    """He wants to talk about the options before he chooses."""
    complaint = _mine(request, number)
    form = WordsForm(request.POST)
    if form.is_valid() and form.did(
        lambda: actions.talk(complaint, text=form.cleaned_data["text"])
    ):
        messages.success(request, _("已记下，我们会尽快与您联系；您也可以随时在这里选择"))
        return redirect("portal:mine", number)
    return page_of(request, complaint, form.status, words_form=form)


@never_cache
@require_POST
def withdraw(request: HttpRequest, number: str) -> HttpResponse:
    """He agrees no longer."""
    complaint = _mine(request, number)
    form = WordsForm(request.POST)
    if form.is_valid() and form.did(
        lambda: actions.withdraw(complaint, text=form.cleaned_data["text"])
    ):
        messages.success(request, _("已记下您不再同意，没有办的会停下来，我们会与您联系"))
        return redirect("portal:mine", number)
    return page_of(request, complaint, form.status, words_form=form)


@never_cache
@require_POST
def judge(request: HttpRequest, number: str) -> HttpResponse:
    complaint = _mine(request, number)
    form = JudgeForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        if form.did(lambda: actions.judge(complaint, solved=said["solved"], text=said["text"])):
            messages.success(request, _("谢谢您告诉我们"))
            return redirect("portal:mine", number)
    return page_of(request, complaint, form.status, judge_form=form)


@never_cache
@require_GET
def evidence(request: HttpRequest, number: str, uuid: UUID) -> HttpResponseBase:
    """A file of this complaint that is not internal."""
    complaint = _mine(request, number)
    found = get_object_or_404(complaint.evidence.for_customer(), uuid=uuid)
    actions.took(found)
    return served(found)


@require_POST
def leave_session(request: HttpRequest) -> HttpResponse:
    """On a borrowed phone: forget what was opened here."""
    leave(request)
    messages.success(request, _("已退出查询"))
    return redirect("portal:start")
