"""Pages of the import in the console, and the files that go out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import IO, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from huiyin.ground import moment
from huiyin.ground.privacy.models import Export
from huiyin.ground.refusal import Invalid, Refused
from huiyin.ground.web.http import HuiyinRequest, changed
from huiyin.surface.console.views import frame
from huiyin.surface.exchange import actions, listing
from huiyin.surface.exchange.models import Import
from huiyin.surface.exchange.permissions import can_export, can_import
from huiyin.surface.exchange.sources import LARGEST, MB, MOST_ROWS, Table, open_table, samples
from huiyin.surface.exchange.words import Column, FileKind, Outcome, State
from huiyin.surface.workbench.lists import Filters

SHOWN = 50
FETCHED_WITHIN = timedelta(minutes=10)
MEDIA = {
    FileKind.CSV.value: "text/csv; charset=utf-8",
    FileKind.XLSX.value: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@never_cache
@login_required
def imports(request: HuiyinRequest) -> HttpResponse:
    """Earlier imports, and a new file."""
    can_import.require(request.user, None)
    if request.method == "POST":
        file = request.FILES.get("file")
        if file is None:
            raise Invalid(_("请先选择要导入的文件"))
        made = actions.upload(file, by=request.user)
        return redirect("exchange:import", made.pk)
    context = frame(request) | {
        "in_exchange": True,
        "imports": Import.objects.visible_to(request.user).select_related("by")[:SHOWN],
        "largest": LARGEST // MB,
        "most_rows": MOST_ROWS,
    }
    return render(request, "exchange/imports.html", context)


def found(request: HuiyinRequest, pk: int) -> Import:
    can_import.require(request.user, None)
    return get_object_or_404(Import.objects.visible_to(request.user).select_related("by"), pk=pk)


@never_cache
@login_required
@require_GET
def one(request: HuiyinRequest, pk: int) -> HttpResponse:
    """Where one import stands; htmx asks for the inside alone while the worker is busy."""
    this = found(request, pk)
    context: dict[str, Any] = {
        "one": this,
        "State": State,
        "steps": steps(this),
        "in_exchange": True,
    }
    if this.state in (State.MAPPING, State.CHECKED) and not request.htmx:
        context |= columns(this)
    elif this.state != State.CHECKING:
        context |= standing(this)
    if request.htmx:
        if not this.is_working:  # the other states have more on their page than this part
            return HttpResponse(status=204, headers={"HX-Refresh": "true"})
        return render(request, "exchange/progress.html", context)
    return render(request, "exchange/import.html", frame(request) | context)


def steps(this: Import) -> list[tuple[str, str]]:
    """(title, is-done, is-at or nothing) of the four steps."""
    at = {State.MAPPING: 1, State.CHECKING: 2, State.CHECKED: 2, State.DONE: 4}.get(
        State(this.state), 3
    )
    titles = (_("选择文件"), _("核对列"), _("检查"), _("导入"))
    return [
        (title, "is-done" if place < at else "is-at" if place == at else "")
        for place, title in enumerate(titles)
    ]


def columns(this: Import) -> dict[str, Any]:
    table = open_table(this.file, counted=False)
    chosen = {position: column for column, position in this.mapping.items()}
    return {
        "table": table,
        "columns": [
            {"position": p, "header": header, "samples": values, "chosen": chosen.get(p, "")}
            for p, (header, values) in enumerate(zip(table.headers, samples(table), strict=True))
        ],
        "choices": Column.choices,
        "ignored": len(table.headers) - len(chosen),
    }


def standing(this: Import) -> dict[str, Any]:
    tally = this.tally()
    done = sum(tally.values())
    return {
        "tally": tally,
        "done": done,
        "percent": 100 * done // this.total if this.total else 0,
        **({} if this.is_working else told(this)),
    }


def told(this: Import) -> dict[str, Any]:
    """Why rows were not taken, and what was understood otherwise in those that were."""
    reasons = this.rows.exclude(reason="").values_list("line", "reason")
    return {
        "bad": actions.Told(reasons.filter(outcome=Outcome.BAD)).shown(),
        "remarks": actions.Told(reasons.exclude(outcome=Outcome.BAD)).shown(),
    }


@login_required
@require_POST
def mapping(request: HuiyinRequest, pk: int) -> HttpResponse:
    """`column-3=phone` for each column; "" leaves it out."""
    this = found(request, pk)
    actions.choose(this, by=request.user, mapping=chosen_columns(request))
    return redirect("exchange:import", pk)


def chosen_columns(request: HuiyinRequest) -> dict[str, int]:
    chosen: dict[str, int] = {}
    for name, column in request.POST.items():
        position = name.removeprefix("column-")
        if not column or position == name or not position.isdecimal() or len(position) > 4:
            continue
        if column in chosen:
            label = dict(Column.choices).get(column, column)
            raise Invalid(_("有两列都选了“%(column)s”，请只保留一列") % {"column": label})
        chosen[str(column)] = int(position)
    return chosen


@login_required
@require_POST
def run(request: HuiyinRequest, pk: int) -> HttpResponse:
    actions.run(found(request, pk), by=request.user)
    return redirect("exchange:import", pk)


@login_required
@require_POST
def halt(request: HuiyinRequest, pk: int) -> HttpResponse:
    actions.halt(found(request, pk), by=request.user)
    return redirect("exchange:import", pk)


@login_required
@require_POST
def removal(request: HuiyinRequest, pk: int) -> HttpResponse:
    actions.discard(found(request, pk), by=request.user)
    messages.success(request, _("已放弃，文件已删除"))
    return redirect("exchange:imports")


@login_required
@require_GET
def errors(request: HuiyinRequest, pk: int) -> HttpResponseBase:
    """Rows that were not taken, as they stood in the file, each with its line and reason."""
    this = found(request, pk)
    reasons = dict(this.rows.filter(outcome=Outcome.BAD).values_list("line", "reason"))
    table = open_table(this.file, counted=False)
    name = f"import-{this.pk}-errors.csv"
    file = listing.csv_file(_rows(table, reasons))
    return attachment(file, name, MEDIA[FileKind.CSV.value])


def _rows(table: Table, reasons: dict[int, str]) -> Iterator[list[str]]:
    yield [*table.headers, _("行号"), _("原因")]
    for line in table.lines():
        if line.number in reasons:
            cells = (line.cells + ("",) * len(table.headers))[: len(table.headers)]
            yield [*cells, str(line.number), reasons[line.number]]


# --- lists that go out ---------------------------------------------------------------------------


@login_required
@require_POST
def exports(request: HuiyinRequest) -> HttpResponse:
    """Ask for a file of the list as it is narrowed; the reason stays on record."""
    made = actions.begin_export(
        Filters.read(request.POST.dict()),
        by=request.user,
        kind=request.POST.get("kind", ""),
        reason=request.POST.get("reason", ""),
    )
    address = reverse("exchange:export", args=[made.pk])
    if not request.htmx:
        return redirect(address)
    answer = changed(_("正在下载 %(count)d 条投诉") % {"count": made.rows})
    answer["HX-Redirect"] = address
    return answer


@login_required
@require_GET
def export(request: HuiyinRequest, pk: int) -> HttpResponseBase:
    """The file of an export one has just asked for: what one may see of it at this moment."""
    can_export.require(request.user, None)
    made = get_object_or_404(Export, pk=pk, by=request.user, kind__in=FileKind.values)
    now = moment.now()
    if now - made.at > FETCHED_WITHIN:
        raise Refused(_("下载已过期，请回到列表重新导出"))
    filters = Filters.read(made.asked)
    rows = listing.ordered(filters.pick(request.user, now), filters.sort)
    file = listing.list_file(rows[: actions.MOST_EXPORTED], made.kind)
    return attachment(file, listing.file_name(made.kind, made.at), MEDIA[made.kind])


def attachment(file: IO[bytes], name: str, media: str) -> StreamingHttpResponse:
    answer = StreamingHttpResponse(listing.sent(file), content_type=media)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "private, no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
