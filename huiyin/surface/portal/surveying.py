"""The customer's survey: a link that opens one form, once. Nothing is changed by GET.

The token stands in the path: it goes to nobody (no referrer, no cache). A wrong, used, expired or
sealed one is answered alike, and counted per address.

The token alone opens it, never a cookie: so nobody can make another's browser act here, and no
CSRF token is asked for (a page without referrer posts with the origin null, which Django refuses).
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huiyin.ground.people.models import User
from huiyin.ground.web.forms import TakingForm
from huiyin.ground.web.http import HuiyinRequest, client_address
from huiyin.journey.survey import actions, shown
from huiyin.journey.survey.models import Invitation, Version
from huiyin.journey.survey.permissions import can_see_surveys
from huiyin.journey.survey.words import Ask, Via
from huiyin.surface.portal.tries import WRONG, saves_too_often, too_often

PREFIX = "q."
LONGEST_TOKEN = 64
MOST_VALUES = 40  # of one field: more than any question has options


class OptOutForm(TakingForm):
    """Nothing is typed; it holds what the act refuses."""


def _guarded(answer: HttpResponseBase) -> HttpResponseBase:
    answer["Referrer-Policy"] = "no-referrer"
    answer["X-Robots-Tag"] = "noindex, nofollow"
    answer["Cache-Control"] = "private, no-store"
    return answer


@sensitive_variables("token")
def _opened(request: HttpRequest, token: str) -> Invitation | None:
    """The living survey of this token; None for every reason why there is none."""
    found = actions.opened(token) if len(token) == LONGEST_TOKEN else None
    if found is None:
        too_often(WRONG, client_address(request))
    elif "django_language" not in request.COOKIES and "lang" not in request.GET:
        translation.activate(found.language)
    return found


def _gone(request: HttpRequest) -> HttpResponseBase:
    """The same for a wrong, a used and an expired one."""
    return _guarded(render(request, "portal/survey_gone.html", status=404))


@csrf_exempt
@never_cache
@sensitive_variables("token")
@require_http_methods(["GET", "POST"])
def survey(request: HttpRequest, token: str) -> HttpResponseBase:
    """The form, with what was kept of it; POST takes the answers, once."""
    found = _opened(request, token)
    if found is None:
        return _gone(request)
    assert found.version is not None
    if request.method == "GET":
        return _page(request, found, token, found.draft)
    said, consent = read(found.version, request.POST)
    form = TakingForm(request.POST)
    faults: dict[str, Any] = {}
    made = form.take(lambda: actions.answer(found, said, consent=consent), faults)
    if made is not None:
        request.session["survey_thanks"] = found.version.pk
        return _guarded(redirect("portal:survey_thanks"))
    if _opened(request, token) is None:  # answered in another tab meanwhile
        return _gone(request)
    typed = {"said": said, "consent": consent}
    return _page(request, found, token, typed, form.status, faults=faults, form=form)


def _page(
    request: HttpRequest,
    found: Invitation,
    token: str,
    typed: dict[str, Any],
    status: int = 200,
    **more: Any,
) -> HttpResponseBase:
    assert found.version is not None
    context = {
        "version": found.version,
        "token": token,
        "until": found.expires_at,
        "number": found.complaint.number,
        **form_of(found.version, typed, more.pop("faults", {})),
        **more,
    }
    return _guarded(render(request, "portal/survey.html", context, status=status))


def form_of(version: Version, typed: dict[str, Any], faults: dict[str, Any]) -> dict[str, Any]:
    """The questions as the page draws them, with what was typed and what is wrong."""
    questions = shown.asked(version)
    kept = typed.get("said") or {}
    for one in questions:
        one["value"] = kept.get(one["key"])
        one["fault"] = faults.get(one["key"], "")
        if one["ask"] == Ask.MATRIX:
            given = one["value"] if isinstance(one["value"], dict) else {}
            one["lines"] = [(row, name, given.get(row)) for row, name in one["rows"]]
        if one["ask"] == Ask.SEVERAL and not isinstance(one["value"], list):
            one["value"] = []
    return {
        "questions": questions,
        "consent": bool(typed.get("consent")),
        "conditions": {one["key"]: one["when"] for one in questions if one["when"]},
    }


def read(version: Version, sent: QueryDict) -> tuple[dict[str, Any], bool]:
    """What was sent, by question, as the rules take it; everything else is left where it is."""
    said: dict[str, Any] = {}
    for one in version.questions:
        name = PREFIX + one["key"]
        if one["ask"] == Ask.MATRIX:
            rows = {row["key"]: sent.get(f"{name}.{row['key']}", "") for row in one["rows"]}
            said[one["key"]] = rows
        elif one["ask"] == Ask.SEVERAL:
            said[one["key"]] = sent.getlist(name)[:MOST_VALUES]
        else:
            said[one["key"]] = sent.get(name, "")
    return said, sent.get("consent") == "1"


@csrf_exempt
@never_cache
@sensitive_variables("token")
@require_POST
def survey_draft(request: HttpRequest, token: str) -> HttpResponseBase:
    """Keep what was typed so far, so that a closed browser loses nothing."""
    found = _opened(request, token)
    if found is None:
        return _gone(request)
    saves_too_often(client_address(request))
    assert found.version is not None
    said, consent = read(found.version, request.POST)
    return _guarded(JsonResponse({"kept": actions.keep(found, said, consent=consent)}))


@never_cache
@require_GET
def survey_thanks(request: HttpRequest) -> HttpResponse:
    """After the answers were taken: the link itself opens nothing any more."""
    version = Version.objects.filter(pk=request.session.get("survey_thanks", 0)).first()
    return render(request, "portal/survey_thanks.html", {"version": version})


@csrf_exempt
@never_cache
@sensitive_variables("token")
@require_POST
def survey_opt_out(request: HttpRequest, token: str) -> HttpResponseBase:
    """No survey any more, by the customer's own word."""
    found = _opened(request, token)
    if found is None:
        return _gone(request)
    actions.opt_out(found.complaint, by=User.objects.system(), via=Via.SELF)
    return _guarded(render(request, "portal/survey_out.html"))


@never_cache
@login_required
@require_GET
def survey_preview(request: HuiyinRequest, pk: int) -> HttpResponse:
    """A version as a customer sees it on a phone; nothing can be sent from here."""
    can_see_surveys.require(request.user, None)
    version = get_object_or_404(Version.objects.select_related("survey"), pk=pk)
    context = {
        "version": version,
        "preview": True,
        "number": "TS2026-000123",
        **form_of(version, {}, {}),
    }
    return render(request, "portal/survey.html", context)
