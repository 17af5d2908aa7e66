"""The original of a mail beside its complaint; what it quotes."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET, require_POST

from huiyin.ground.web.http import HuiyinRequest
from huiyin.journey.channels.mail.actions import showing
from huiyin.journey.channels.mail.models import Mail

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
    mail = seen_mail(request, pk)
    parts = mail.parts.select_related("evidence").defer("mail__raw")
    return render(request, "mail/original.html", {"mail": mail, "parts": parts})


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
    shown = showing.show_images(mail, by=request.user)
    parts = mail.parts.select_related("evidence")
    return render(
        request,
        "mail/original.html",
        {"mail": mail, "parts": parts, "fetched": shown, "asked": True},
    )


@login_required
@require_POST
def eml(request: HuiyinRequest, pk: int) -> HttpResponse:
    """The mail byte for byte, with a reason that is kept."""
    mail = seen_mail(request, pk)
    raw = showing.take_original(mail, by=request.user, reason=request.POST.get("reason", ""))
    answer = HttpResponse(raw, content_type="application/octet-stream")
    answer["Content-Disposition"] = f'attachment; filename="mail-{mail.pk}.eml"'
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer["Cache-Control"] = "private, no-store"
    return answer


@login_required
@require_GET
def quoted(request: HuiyinRequest, pk: int) -> HttpResponse:
    """What the story leaves out: quotes and signature."""
    text = showing.folded_of(seen_mail(request, pk))
    return render(request, "mail/quoted.html", {"text": text})
