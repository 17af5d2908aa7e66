"""Letters that came in: uploaded, looked at, arranged, decided about."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import OuterRef, Subquery
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header, urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from huiyin.ground import moment
from huiyin.ground.web.http import HuiyinRequest
from huiyin.journey.channels.paper import actions, lists, recognition, showing
from huiyin.journey.channels.paper.actions import arranging, bundling, reading
from huiyin.journey.channels.paper.actions.keeping import twins_of
from huiyin.journey.channels.paper.forms import PROPOSED, PieceForm
from huiyin.journey.channels.paper.models import Page, Piece, Scan
from huiyin.journey.channels.paper.permissions import can_register_paper
from huiyin.journey.channels.paper.words import Found, PieceState, ReadState, ScanState
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.conversation.views import is_uuid
from huiyin.journey.grouping import actions as grouping


@login_required
@require_GET
def queue(request: HuiyinRequest) -> HttpResponse:
    """The list; its rows alone when the page asks for more."""
    can_register_paper.require(request.user, None)
    asked = lists.read_pieces(request.GET.dict())
    rows, more = lists.pieces(asked, request.user)
    context = {
        "rows": rows,
        "more": more,
        "asked": asked,
        "states": [
            *PieceState.choices,
            ("broken", _("打不开")),
            ("unread", _("等待识别")),
            ("all", _("全部")),
        ],
        "query": urlencode({"state": asked.state, "q": asked.q}),
        "today": timezone.localdate(moment.now()),
        "reads": recognition.is_there(),
        "to_print": lists.to_print(request.user),
        "upload_key": uuid4(),
    }
    template = "paper/rows.html" if asked.before and request.htmx else "paper/queue.html"
    return render(request, template, context)


def _key(typed: str) -> UUID | None:
    """Of the form; a program that gives none, or no UUID, does without."""
    return UUID(typed) if is_uuid(typed) else None


@login_required
@require_POST
def upload(request: HuiyinRequest) -> HttpResponse:
    """Files of the scanner; one letter goes on to its page, several to the list."""
    kept = actions.keep(
        request.FILES.getlist("files"),
        by=request.user,
        together=request.POST.get("together", "1") == "1",
        received_on=_day(request.POST.get("received_on", "")),
        key=_key(request.POST.get("key", "")),
    )
    for twin in kept.twins:
        messages.warning(request, twin_sentence(twin))
    if len(kept.pieces) == 1:
        return _go(request, redirect("paper:one", kept.pieces[0].pk))
    count = len(kept.pieces)
    messages.success(
        request, ngettext("已收下 %(n)s 封来信", "已收下 %(n)s 封来信", count) % {"n": count}
    )
    return _go(request, redirect("paper:queue"))


def _go(request: HuiyinRequest, answer: Any) -> HttpResponse:
    """What is sent by script is told where to go."""
    if request.htmx:
        return HttpResponse(status=204, headers={"HX-Redirect": answer["Location"]})
    return answer  # type: ignore[no-any-return]


def _day(typed: str) -> Any:
    return moment.read_day(typed)


def twin_sentence(twin: Scan) -> str:
    """That this very file came before, and where it is."""
    about = {"name": twin.name, "letter": twin.piece.number or f"#{twin.piece_id}"}
    return _("“%(name)s”以前已经上传过（来信 %(letter)s），请核对是否重复") % about


@login_required
@require_POST
def typed(request: HuiyinRequest) -> HttpResponse:
    """A letter without a scan: its words will be typed."""
    received_on = _day(request.POST.get("received_on", ""))
    return redirect("paper:one", actions.begin(by=request.user, received_on=received_on).pk)


def seen_piece(request: HuiyinRequest, pk: int) -> Piece:
    can_register_paper.require(request.user, None)
    rows = Piece.objects.visible_to(request.user).select_related("complaint", "decided_by", "by")
    return get_object_or_404(rows, pk=pk)


def seen_page(request: HuiyinRequest, uuid: UUID) -> Page:
    can_register_paper.require(request.user, None)
    letters = Piece.objects.visible_to(request.user)
    rows = Page.objects.filter(piece__in=letters).select_related("piece")
    return get_object_or_404(rows, uuid=uuid)


@never_cache
@login_required
@require_GET
def one(request: HuiyinRequest, pk: int) -> HttpResponse:
    return render(request, "paper/one.html", _context(request, seen_piece(request, pk)))


@never_cache
@login_required
@require_GET
def pages(request: HuiyinRequest, pk: int) -> HttpResponse:
    """The pages alone, asked anew while they are drawn or read."""
    piece = seen_piece(request, pk)
    context = _context(request, piece)
    answer = render(request, "paper/pages.html", context)
    if not context["busy"]:
        answer["HX-Trigger"] = "paper-read"  # what was found in them is proposed now
    return answer


def _context(request: HuiyinRequest, piece: Piece, form: PieceForm | None = None) -> dict[str, Any]:
    kept = list(piece.pages.kept().select_related("scan"))
    fields = showing.proposed(piece, kept)
    by_kind = {one.kind: one for one in fields}
    form = form or PieceForm(initial=_initial(piece, kept, by_kind))
    scans = list(piece.scans.all())
    reading_now = [one for one in kept if one.reading == ReadState.QUEUED]
    numbers = [one.value for one in fields if one.kind == Found.NUMBER]
    visible = Complaint.objects.visible_to(request.user).filter(number__in=numbers)
    file = Scan.objects.filter(piece=OuterRef("pk")).order_by("order", "pk").values("name")[:1]
    others = Piece.objects.waiting().visible_to(request.user).exclude(pk=piece.pk)
    return {
        "piece": piece,
        "shown": showing.shown(kept, fields),
        "dropped": list(piece.pages.exclude(dropped_at=None).select_related("dropped_by")),
        "scans": scans,
        "drawing": [scan for scan in scans if scan.state == ScanState.KEPT],
        "expected": sum(scan.leaves or 0 for scan in scans),
        "reading": len(reading_now),
        "busy": piece.is_open
        and (any(scan.state == ScanState.KEPT for scan in scans) or bool(reading_now)),
        "form": form,
        "proposals": [(form[_field_of(kind)], by_kind.get(kind)) for kind in PROPOSED],
        "stranger": showing.stranger(fields) if piece.is_open else "",
        "numbers": numbers,
        "suspected": list(visible),
        "twins": [twin_sentence(twin) for twin in twins_of(piece)] if piece.is_open else [],
        "others": list(others.annotate(file=Subquery(file)).order_by("-pk")[:20])
        if piece.is_open
        else [],
        "reads": recognition.is_there(),
    }


def _field_of(kind: str) -> str:
    return "amount" if kind == Found.AMOUNT else str(kind)


def _initial(piece: Piece, kept: list[Page], by_kind: dict[str, Any]) -> dict[str, Any]:
    return {
        **{_field_of(kind): one.value for kind, one in by_kind.items() if kind != Found.NUMBER},
        "text": showing.text_of(piece, kept),
        "received_on": piece.received_on,
        "postmarked_on": piece.postmarked_on,
    }


@login_required
@sensitive_post_parameters()
@require_POST
def text(request: HuiyinRequest, pk: int) -> HttpResponse:
    """Keep what was typed so far, and look into it for what can be proposed."""
    piece = seen_piece(request, pk)
    reading.typed(piece, by=request.user, text=request.POST.get("text", ""))
    messages.success(request, _("文字已保存，并重新查找了各项"))
    return redirect("paper:one", pk)


@login_required
@sensitive_post_parameters()
@require_POST
def register(request: HuiyinRequest, pk: int) -> HttpResponse:
    piece, form = seen_piece(request, pk), PieceForm(request.POST)
    done = None
    if form.is_valid():
        done = form.take(lambda: actions.register(piece, by=request.user, given=form.given()))
    if done is None:
        return _once_more(request, piece, form)
    told = {"letter": piece.number, "number": done.number}
    messages.success(request, _("已登记：%(letter)s，投诉 %(number)s") % told)
    return _after(request, done)


@login_required
@sensitive_post_parameters()
@require_POST
def attach(request: HuiyinRequest, pk: int) -> HttpResponse:
    """To the complaint whose number was typed, of those this person may see."""
    piece, form = seen_piece(request, pk), PieceForm(request.POST)

    def act() -> Complaint:
        number = form.cleaned_data["number"]
        complaint = grouping.named(request.user, number, field="number")
        actions.attach(piece, complaint, by=request.user, given=form.given())
        return complaint

    done = form.take(act) if form.is_valid() else None
    if done is None:
        return _once_more(request, piece, form)
    told = {"letter": piece.number, "number": done.number}
    messages.success(request, _("来信 %(letter)s 已并入 %(number)s") % told)
    return _after(request, done)


def _once_more(request: HuiyinRequest, piece: Piece, form: PieceForm) -> HttpResponse:
    """What was typed, and what is wrong with it."""
    context = _context(request, piece, form)
    status = 422 if request.htmx else form.status
    return render(request, "paper/one.html", context, status=status)


def _after(request: HuiyinRequest, complaint: Complaint) -> HttpResponse:
    """To the complaint, if whoever registered it still sees it."""
    if Complaint.objects.visible_to(request.user).filter(pk=complaint.pk).exists():
        return _go(request, redirect("workbench:complaint", complaint.number))
    return _go(request, redirect("paper:queue"))


@login_required
@require_POST
def dismiss(request: HuiyinRequest, pk: int) -> HttpResponse:
    actions.dismiss(seen_piece(request, pk), by=request.user, reason=request.POST.get("reason", ""))
    messages.success(request, _("已标为不处理，原件仍保留"))
    return _go(request, redirect("paper:queue"))


@login_required
@require_POST
def split(request: HuiyinRequest, pk: int) -> HttpResponse:
    other = actions.split(seen_piece(request, pk), by=request.user, chosen=_uuids(request, "pages"))
    messages.success(request, _("所选页已拆成另一封来信"))
    return redirect("paper:one", other.pk)


@login_required
@require_POST
def join(request: HuiyinRequest, pk: int) -> HttpResponse:
    piece = seen_piece(request, pk)
    wanted = request.POST.get("other", "")
    number = int(wanted) if wanted.isascii() and wanted.isdecimal() and len(wanted) < 18 else 0
    actions.join(piece, seen_piece(request, number), by=request.user)
    messages.success(request, _("两封来信已合在一起"))
    return redirect("paper:one", pk)


@login_required
@require_POST
def order(request: HuiyinRequest, pk: int) -> HttpResponse:
    """All pages in the order in which they were dragged."""
    actions.reorder(seen_piece(request, pk), by=request.user, order=_uuids(request, "page"))
    return HttpResponse(status=204)


def _uuids(request: HuiyinRequest, name: str) -> list[UUID]:
    from huiyin.journey.conversation.views import is_uuid

    return [UUID(one) for one in request.POST.getlist(name)[:400] if is_uuid(one)]


@login_required
@require_POST
def page(request: HuiyinRequest, uuid: UUID, act: str) -> HttpResponse:
    """One page: turned, moved, taken out by reason, taken in again."""
    found = seen_page(request, uuid)
    by, asked = request.user, request.POST
    if act == "left":
        actions.turn(found, by=by, by_degrees=270)
    elif act == "right":
        actions.turn(found, by=by, by_degrees=90)
    elif act in ("up", "down"):
        arranging.move(found, by=by, steps=-1 if act == "up" else 1)
    elif act == "drop":
        actions.drop(found, by=by, reason=asked.get("reason", ""))
    elif act == "restore":
        actions.restore(found, by=by)
    else:
        raise Http404
    return redirect("paper:one", found.piece_id)


@login_required
@require_POST
def read(request: HuiyinRequest, pk: int) -> HttpResponse:
    """Have its pages read once more."""
    reading.read_again(seen_piece(request, pk), by=request.user)
    messages.success(request, _("已排队识别，完成后自动刷新"))
    return redirect("paper:one", pk)


@login_required
@require_POST
def cancel(request: HuiyinRequest, pk: int) -> HttpResponse:
    """Do not read what has not been read yet."""
    reading.cancel(seen_piece(request, pk), by=request.user)
    messages.success(request, _("已停止识别，可以直接录入"))
    return redirect("paper:one", pk)


@login_required
@require_POST
def again(request: HuiyinRequest, uuid: UUID) -> HttpResponse:
    """Try once more to open a scan."""
    scan = _scan(request, uuid)
    actions.draw_again(scan, by=request.user)
    return redirect("paper:one", scan.piece_id)


def _scan(request: HuiyinRequest, uuid: UUID) -> Scan:
    """A scan, for whoever sees every letter that has a page of it."""
    can_register_paper.require(request.user, None)
    letters = Piece.objects.visible_to(request.user)
    found = get_object_or_404(Scan.objects.filter(piece__in=letters), uuid=uuid)
    strange = found.pages.exclude(piece__in=letters)
    return get_object_or_404(Scan.objects.exclude(pages__in=strange), pk=found.pk)


@login_required
@require_GET
def original(request: HuiyinRequest, uuid: UUID) -> HttpResponse:
    """The file as it came: to be kept, never shown by the browser."""
    scan = _scan(request, uuid)
    answer = HttpResponse(bundling.picture_of(scan.path), content_type="application/octet-stream")
    answer["Content-Disposition"] = content_disposition_header(True, scan.name) or ""
    return _closed(answer)


@login_required
@require_GET
def picture(request: HuiyinRequest, uuid: UUID) -> HttpResponse:
    """A page as a picture of our own making."""
    return picture_of(seen_page(request, uuid).picture)


@login_required
@require_GET
def thumb(request: HuiyinRequest, uuid: UUID) -> HttpResponse:
    return picture_of(seen_page(request, uuid).thumb)


def picture_of(path: str) -> HttpResponse:
    answer = HttpResponse(bundling.picture_of(path), content_type="image/jpeg")
    return _closed(answer, "private, max-age=3600")


def _closed(answer: HttpResponse, cache: str = "private, no-store") -> HttpResponse:
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = cache
    return answer
