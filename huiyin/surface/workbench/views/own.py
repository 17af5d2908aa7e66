"""Views of one's own: kept, renamed, shared with a team by whoever leads it, deleted."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from huiyin.ground import moment
from huiyin.ground.web.http import HuiyinRequest
from huiyin.surface.workbench import actions
from huiyin.surface.workbench.lists import Filters
from huiyin.surface.workbench.models import OwnView


@login_required
@require_POST
def own_views(request: HuiyinRequest) -> HttpResponse:
    """Keep the conditions of the page under a name."""
    query = Filters.read(request.POST).query()
    _keep(request, OwnView(user=request.user, query=query, at=moment.now()))
    return redirect(f"{reverse('workbench:queue')}?{urlencode(query)}")


@login_required
@require_POST
def own_view(request: HuiyinRequest, pk: int) -> HttpResponse:
    """Rename it, or delete it."""
    view = get_object_or_404(request.user.own_views, pk=pk)
    if request.POST.get("delete"):
        view.delete()
        messages.success(request, _("视图“%(title)s”已删除") % {"title": view.title})
        return redirect("workbench:queue")
    _keep(request, view)
    return redirect(f"{reverse('workbench:queue')}?{urlencode(view.query)}")


def _keep(request: HuiyinRequest, view: OwnView) -> None:
    actions.keep_view(view, request.POST, by=request.user)
    messages.success(request, _("视图“%(title)s”已保存") % {"title": view.title})
