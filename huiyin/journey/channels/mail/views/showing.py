"""The original of a mail beside its complaint; what it quotes."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET, require_POST

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.web.http import HuiyinRequest
from huiyin.journey.channels.mail.actions import showing
from huiyin.journey.channels.mail.models import Mail
from huiyin.journey.channels.mail.permissions import can_take_files
from huiyin.journey.channels.mail.rules import writing

MOST_ADDRESSES = 20
# Of the frame: no script, no request; what is shown stands in the document. Links open elsewhere.
FRAME_POLICY = (
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'; form-action 'none'; "
    "base-uri 'none'; frame-ancestors 'self'; "
    "sandbox allow-popups allow-popups-to-escape-sandbox"
)


def seen_mail(request: HuiyinRequest, pk: int) -> Mail:
    """The mail, if the caller may look at it; without its bytes."""
    found = showing.mails_of(request.user).select_related("mailbox", "complaint", "message")
    return get_object_or_404(found.defer("raw"), pk=pk)


@never_cache
@login_required
@require_GET
def original(request: HuiyinRequest, pk: int) -> HttpResponse:
    return render(request, "mail/original.html", whole(seen_mail(request, pk), request.user))


def whole(mail: Mail, user: User) -> dict[str, Any]:
    """What `mail/original.html` shows."""
    return {
        "mail": mail,
        "parts": mail.parts.select_related("evidence"),
        "doubts": writing.told_doubts(mail.facts.get("doubts", ())),
        "may_take": can_take_files(user, mail),
        **_addressed(mail),
        **_pictures(mail),
    }


def _addressed(mail: Mail) -> dict[str, Any]:
    """To whom it went and when, as its headers say."""
    pairs = {"to": mail.facts.get("to", ()), "cc": mail.facts.get("cc", ())}
    shown = {
        name: [{"address": one[0], "name": one[1]} for one in found[:MOST_ADDRESSES]]
        for name, found in pairs.items()
    }
    more = {f"more_{name}": len(found) - len(shown[name]) for name, found in pairs.items()}
    dated = moment.read(mail.facts.get("date", ""))
    # A clock that nobody's machine has is none (and year 9999 has no local time).
    plausible = dated is not None and timezone.is_aware(dated) and 1970 <= dated.year <= 2100
    return shown | more | {"dated": dated if plausible else None}


def _pictures(mail: Mail) -> dict[str, Any]:
    remote = showing.count_remote(mail) if mail.html else 0
    missing, why = showing.missing_of(mail) if remote else (0, "")
    return {"remote": remote, "missing": missing, "why": why, "fetched": remote - missing}


@never_cache
@login_required
@require_GET
@xframe_options_sameorigin
def frame(request: HuiyinRequest, pk: int) -> HttpResponse:
    """The HTML of the mail, made harmless, for the sandboxed frame alone."""
    answer = HttpResponse(showing.document(seen_mail(request, pk)))
    answer["Content-Security-Policy"] = FRAME_POLICY
    answer["Referrer-Policy"] = "no-referrer"
    answer["Cache-Control"] = "private, no-store"
    return answer


@login_required
@require_POST
def images(request: HuiyinRequest, pk: int) -> HttpResponse:
    """Have the remote images fetched by us, and show the mail with them."""
    mail = seen_mail(request, pk)
    showing.show_images(mail, by=request.user, again=request.POST.get("again") == "1")
    return render(request, "mail/original.html", whole(mail, request.user))


@login_required
@require_POST
def eml(request: HuiyinRequest, pk: int) -> HttpResponse:
    """The mail byte for byte, with a reason that is kept."""
    mail = seen_mail(request, pk)
    raw = showing.take_original(mail, by=request.user, reason=request.POST.get("reason", ""))
    return inert(raw, f"mail-{mail.pk}.eml")


@login_required
@require_POST
def part(request: HuiyinRequest, pk: int, place: int) -> HttpResponse:
    """A file that became no evidence, as it came."""
    files = seen_mail(request, pk).parts.select_related("mail", "evidence").defer("mail__html")
    found = get_object_or_404(files, place=place)
    return inert(showing.take_file(found, by=request.user), found.name)


def inert(data: bytes, name: str) -> HttpResponse:
    """Bytes that no browser opens: to be kept, under this name."""
    answer = HttpResponse(data, content_type="application/octet-stream")
    answer["Content-Disposition"] = content_disposition_header(True, name)
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer


@login_required
@require_GET
def quoted(request: HuiyinRequest, pk: int) -> HttpResponse:
    """What the story leaves out: quotes and signature."""
    text = showing.folded_of(seen_mail(request, pk))
    return render(request, "mail/quoted.html", {"text": text})
