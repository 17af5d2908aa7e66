"""Views of one's own: kept, renamed, shared with a team by whoever leads it, deleted."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.refusal import Invalid
from huiyin.ground.web.http import HuiyinRequest
from huiyin.surface.workbench.forms import OwnViewForm
from huiyin.surface.workbench.lists import Filters
from huiyin.surface.workbench.models import OwnView


@login_required
@require_POST
def own_views(request: HuiyinRequest) -> HttpResponse:
    """Keep the conditions of the page under a name."""
    query = Filters.read(request.POST).query()
    view = OwnView(user=request.user, query=query, at=moment.now())
    _kept(request, view)
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
    _kept(request, view)
    return redirect(f"{reverse('workbench:queue')}?{urlencode(view.query)}")


@transaction.atomic
def _kept(request: HuiyinRequest, view: OwnView) -> None:
    # One after the other: names and their number are checked against what is there.
    User.objects.select_for_update().get(pk=request.user.pk)
    form = OwnViewForm(request.POST, instance=view, user=request.user)
    if not form.is_valid():
        name = next(iter(form.errors))
        sentence = str(form.errors[name][0])
        raise Invalid(sentence, **{name: sentence})
    form.save()
    messages.success(request, _("视图“%(title)s”已保存") % {"title": view.title})
