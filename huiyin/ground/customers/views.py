"""A customer and everything he ever complained about, as far as one may see it."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render

from huiyin.ground.customers.models import Customer
from huiyin.ground.web.http import HuiyinRequest

SHOWN = 100  # complaints of one person on one page; the rest by search


@login_required
def customer(request: HuiyinRequest, pk: int) -> HttpResponse:
    """One person: contact points masked, history at sight.

    Seen by whoever sees one of the person's complaints. The complaints come by the relation that
    the complaint declares, so the ground stays without knowledge of the journey.
    """
    person = get_object_or_404(Customer.objects.prefetch_related("contact_points"), pk=pk)
    history = person.complaints.visible_to(request.user).for_list().order_by("-pk")
    complaints = list(history[:SHOWN])
    if not complaints:
        raise Http404
    context = {
        "customer": person,
        "complaints": complaints,
        "open_count": sum(complaint.is_open for complaint in complaints),
        "has_more": len(complaints) == SHOWN,
    }
    return render(request, "customers/customer.html", context)
