"""Looking behind the mask: a reason first, a line in the log always."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _

from huiyin.ground.customers.models import Customer
from huiyin.ground.privacy import actions
from huiyin.ground.privacy.forms import RevealForm
from huiyin.ground.web.http import HuiyinRequest

# What people mostly mean; anything else can be typed.
REASONS = (_("回电核实情况"), _("核对客户身份"), _("安排上门或寄送"), _("办理退款赔付"))


@login_required
def reveal(request: HuiyinRequest, pk: int) -> HttpResponse:
    """GET asks for the reason, POST shows the contact points once: nothing is kept in the page.

    `complaint` may name the complaint from which one asks; it must be one that the person sees.
    """
    customer = get_object_or_404(Customer, pk=pk)
    seen = customer.complaints.visible_to(request.user)
    number = request.POST.get("complaint") or request.GET.get("complaint") or ""
    if number:
        seen = seen.filter(number=number)
    if not seen.exists():
        raise Http404
    form = RevealForm(request.POST or None)
    context = {"customer": customer, "form": form, "reasons": REASONS, "number": number}
    if not form.is_valid():
        status = 422 if form.is_bound else 200
        return render(request, "privacy/ask.html", context, status=status)
    reveal = actions.reveal(
        customer, by=request.user, reason=form.cleaned_data["reason"], complaint_number=number
    )
    context |= {"reveal": reveal, "points": list(customer.contact_points.all())}
    answer = render(request, "privacy/revealed.html", context)
    answer["Cache-Control"] = "no-store"
    return answer
