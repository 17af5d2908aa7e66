"""受理登记: the page on which an agent writes while a customer talks.

Nothing waits for the server: hints come 400 ms after the last key and may fail; the draft is kept
here and in the browser; one key of the draft makes one complaint.
"""

from __future__ import annotations

import uuid
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huiyin.ground import moment
from huiyin.ground.customers.rules import shown_phone
from huiyin.ground.people.models import User
from huiyin.ground.privacy.models import PrivacyNotice
from huiyin.ground.web.http import HuiyinRequest
from huiyin.journey.channels.phone import actions as calls
from huiyin.journey.clocks.models import Clock
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.conversation.views import is_uuid
from huiyin.journey.intake import actions
from huiyin.journey.intake.actions import Circumstances, Contact
from huiyin.journey.intake.forms import RegistrationForm, answers_in, typed
from huiyin.journey.intake.models import Draft, DraftFile
from huiyin.journey.intake.permissions import can_register
from huiyin.journey.intake.rules import spoken_code
from huiyin.surface.workbench.hints import categories, hints

MOST_DRAFTS_SHOWN = 8


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def registration(request: HuiyinRequest) -> HttpResponse:
    """The form; or the complaint it makes."""
    can_register.require(request.user, None)
    if request.method == "POST":
        return _register(request)
    draft = _draft(request.user, request.GET.get("draft", ""))
    content = dict(draft.content) if draft else {}
    key = draft.key if draft else uuid.uuid4()
    if request.GET.get("phone") and not content:  # a screen pop from the telephone
        content = {"phone": request.GET["phone"][:40]}
    if request.GET.get("call") and not draft:
        draft, key, content = _from_call(request.user, request.GET["call"], key)
    form = RegistrationForm(initial={**content, "key": key})
    return _page(request, form, content, draft)


def _from_call(
    user: User, typed: str, key: uuid.UUID
) -> tuple[Draft | None, uuid.UUID, dict[str, Any]]:
    """What is known of a call: its form has the call's key, so that registering links the two."""
    call = calls.to_register(user, typed)
    if call is None:
        return None, key, {}
    draft = _draft(user, str(call.draft_key))
    if draft is not None:
        return draft, draft.key, dict(draft.content)
    told = {"recording_told": "1"} if call.told_recording_at else {}
    content = {"phone": shown_phone(call.caller), "text": call.notes, "channel": "phone"}
    return None, call.draft_key, {**content, **told}


def _draft(user: User, key: str) -> Draft | None:
    """One of the user's own drafts, by the key his page chose."""
    try:
        return Draft.objects.of(user).filter(key=UUID(key)).first()
    except ValueError:
        return None


def _written(request: HuiyinRequest) -> Draft | None:
    """The draft of a form that is sent; of one that is sent again too, since nobody answered."""
    key = request.POST.get("key", "")
    return Draft.objects.written_by(request.user).filter(key=key).first() if is_uuid(key) else None


def _page(
    request: HuiyinRequest,
    form: RegistrationForm,
    content: dict[str, Any],
    draft: Draft | None,
    faults: dict[str, Any] | None = None,
) -> HttpResponse:
    own = Draft.objects.of(request.user)
    context = {
        "form": form,
        "draft": draft,
        "files": list(draft.files.all()) if draft else [],
        "drafts": list((own.exclude(pk=draft.pk) if draft else own)[:MOST_DRAFTS_SHOWN]),
        "categories": categories(),
        "notice": PrivacyNotice.objects.current(moment.now()),
        **hints(request.user, content, draft=draft, faults=faults),
    }
    status = form.status if form.errors or faults else 200
    return render(request, "workbench/registration/page.html", context, status=status)


def _register(request: HuiyinRequest) -> HttpResponse:
    content = typed(request.POST)
    form = RegistrationForm(request.POST)
    draft = _written(request)
    faults: dict[str, Any] = {}
    if form.is_valid():
        with actions.draft_files(draft) as files:
            done = form.take(
                lambda: actions.register_once(
                    by=request.user, files=files, **_said(form.cleaned_data, content, draft)
                ),
                faults,
            )
        if done:
            calls.registered(form.cleaned_data["key"], done.complaint, by=request.user)
            if draft:
                actions.registered(draft)
            return redirect("workbench:registration_done", done.complaint.number)
    return _page(request, form, content, draft, faults)


def _said(said: dict[str, Any], content: dict[str, Any], draft: Draft | None) -> dict[str, Any]:
    """The form's fields as the act calls them."""
    notice = PrivacyNotice.objects.current(moment.now())
    answers = answers_in(content)
    for file in draft.files.all() if draft else ():
        if file.field_key:
            answers.setdefault(file.field_key, [])
            answers[file.field_key].append(file.key)
    return {
        "channel": said["channel"],
        "contact": Contact(name=said["name"], phone=said["phone"], email=said["email"]),
        "text": said["text"],
        "wanted": said["wanted"],
        "order_no": said["order_no"],
        "happened_on": said["happened_on"],
        "category": said["category"] if said["category_chosen"] else "",
        "fields": answers,
        "idempotency_key": f"registration-{said['key']}",
        "around": Circumstances(
            concerning=said["concerning"],
            place=said["place"],
            amount_fen=said["amount"],
            expected=said["expected"],
            reply_by=said["reply_by"],
            privacy_version=notice.version if notice and said["privacy_told"] else "",
            recording_told=said["recording_told"],
        ),
    }


@never_cache
@login_required
@require_POST
def registration_hints(request: HuiyinRequest) -> HttpResponse:
    """What is known and suggested of what is typed so far. POST, since it is personal; it changes
    nothing."""
    can_register.require(request.user, None)
    draft = _draft(request.user, request.POST.get("key", ""))
    context = hints(request.user, typed(request.POST), draft=draft)
    return render(request, "workbench/registration/hints.html", context)


@login_required
@require_POST
def registration_draft(request: HuiyinRequest, key: UUID) -> HttpResponse:
    """Keep what is typed so far."""
    draft = actions.save_draft(key, by=request.user, content=typed(request.POST))
    return JsonResponse({"saved": timezone.localtime(draft.updated_at).strftime("%H:%M:%S")})


@login_required
@require_POST
def registration_discard(request: HuiyinRequest, key: UUID) -> HttpResponse:
    actions.discard(get_object_or_404(Draft.objects.of(request.user), key=key))
    messages.success(request, _("草稿已删除"))
    return redirect("workbench:registration")


@login_required
@require_POST
def registration_files(request: HuiyinRequest, key: UUID) -> HttpResponse:
    """Files are kept with the draft at once; the answer is the list of them."""
    draft = Draft.objects.of(request.user).filter(key=key).first() or actions.save_draft(
        key, by=request.user, content={}
    )
    for upload in request.FILES.getlist("files"):
        actions.add_file(draft, upload=upload, field_key=request.POST.get("field", ""))
    return _files(request, draft)


@login_required
@require_POST
def registration_file_removal(request: HuiyinRequest, key: UUID, file_key: str) -> HttpResponse:
    draft = get_object_or_404(Draft.objects.of(request.user), key=key)
    actions.drop_file(get_object_or_404(DraftFile, draft=draft, key=file_key))
    return _files(request, draft)


def _files(request: HttpRequest, draft: Draft) -> HttpResponse:
    context = {"draft": draft, "files": list(draft.files.all())}
    return render(request, "workbench/registration/files.html", context)


@login_required
@require_POST
def registration_attachment(request: HuiyinRequest, number: str) -> HttpResponse:
    """Keep what was typed with a complaint that is open already, instead of a second one."""
    complaint = get_object_or_404(Complaint.objects.visible_to(request.user), number=number)
    draft, key = _written(request), request.POST.get("key", "")
    with actions.draft_files(draft) as files:
        actions.contacted_again(
            complaint,
            by=request.user,
            text=request.POST.get("text", ""),
            channel=request.POST.get("channel", ""),
            files=files,
            idempotency_key=f"attachment-{key}" if is_uuid(key) else "",
        )
    if draft:
        actions.registered(draft)
    messages.success(request, _("已并入 %(number)s") % {"number": complaint.number})
    return redirect("workbench:complaint", complaint.number)


@never_cache
@login_required
@require_GET
def registration_done(request: HuiyinRequest, number: str) -> HttpResponse:
    """Number, time limit and code, large, with the words to read out; for the registrar alone."""
    complaint = get_object_or_404(
        Complaint.objects.visible_to(request.user).select_related("customer", "team", "assignee"),
        number=number,
        received_by=request.user,
    )
    context = {
        "complaint": complaint,
        "code": spoken_code(complaint.tracking_code),
        "due": Clock.objects.timing([complaint]).get(complaint.pk),
    }
    return render(request, "workbench/registration/done.html", context)


urlpatterns = [
    path("registration/", registration, name="registration"),
    path("registration/hints/", registration_hints, name="registration_hints"),
    path("registration/drafts/<uuid:key>/", registration_draft, name="registration_draft"),
    path(
        "registration/drafts/<uuid:key>/discard/",
        registration_discard,
        name="registration_discard",
    ),
    path("registration/drafts/<uuid:key>/files/", registration_files, name="registration_files"),
    path(
        "registration/drafts/<uuid:key>/files/<str:file_key>/removal/",
        registration_file_removal,
        name="registration_file_removal",
    ),
    path(
        "registration/complaints/<str:number>/attachment/",
        registration_attachment,
        name="registration_attachment",
    ),
    path(
        "registration/complaints/<str:number>/done/",
        registration_done,
        name="registration_done",
    ),
]
