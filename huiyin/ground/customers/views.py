"""A customer and everything he ever complained about, as far as one may see it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from huiyin.ground.customers import actions
from huiyin.ground.customers.forms import ContactForm, DescriptionForm
from huiyin.ground.customers.models import Customer
from huiyin.ground.customers.permissions import can_describe, can_set_level
from huiyin.ground.web.http import HuiyinRequest

SHOWN = 100  # complaints of one person on one page; the rest by search
CHANGES_SHOWN = 20


def seen_customer(request: HuiyinRequest, pk: int) -> tuple[Customer, list[Any]]:
    """One person and his complaints, newest first.

    Seen by whoever sees one of the person's complaints. The complaints come by the relation that
    the complaint declares, so the ground stays without knowledge of the journey.
    """
    person = get_object_or_404(Customer.objects.prefetch_related("contact_points"), pk=pk)
    history = person.complaints.visible_to(request.user).for_list().order_by("-pk")
    complaints = list(history[:SHOWN])
    if not complaints:
        raise Http404
    return person, complaints


@login_required
@require_GET
def customer(request: HuiyinRequest, pk: int) -> HttpResponse:
    """Contact points masked, level and care, history at sight."""
    return page(request, *seen_customer(request, pk))


def page(
    request: HuiyinRequest, person: Customer, complaints: list[Any], **forms: Any
) -> HttpResponse:
    bound = forms.get("form") or forms.get("contact_form")
    context = {
        "customer": person,
        "complaints": complaints,
        "open_count": sum(complaint.is_open for complaint in complaints),
        "has_more": len(complaints) == SHOWN,
        "may_describe": can_describe(request.user, person),
        "form": forms.get("form") or description_form(request, person),
        "contact_form": forms.get("contact_form") or ContactForm(has_name=bool(person.name)),
        "changes": person.changes.select_related("by")[:CHANGES_SHOWN],
    }
    return render(
        request, "customers/customer.html", context, status=bound.status if bound else 200
    )


def description_form(request: HuiyinRequest, person: Customer) -> DescriptionForm:
    return DescriptionForm(
        request.POST or None,
        may_set_level=can_set_level(request.user, person),
        initial={
            "level": person.level,
            "care": person.care,
            "language": person.language,
            "preferred": person.preferred,
            "note": person.note,
        },
    )


@login_required
@require_POST
def description(request: HuiyinRequest, pk: int) -> HttpResponse:
    """Level, care, language, preferred channel and note."""
    person, complaints = seen_customer(request, pk)
    form = description_form(request, person)
    if form.is_valid() and form.did(
        lambda: actions.describe(person, by=request.user, **form.cleaned_data)
    ):
        messages.success(request, _("客户资料已保存"))
        return redirect("customers:customer", pk)
    return page(request, person, complaints, form=form)


@never_cache
@login_required
@sensitive_post_parameters()
@require_POST
def contacts(request: HuiyinRequest, pk: int) -> HttpResponse:
    """One more phone number or address."""
    person, complaints = seen_customer(request, pk)
    form = ContactForm(request.POST, has_name=bool(person.name))
    if form.is_valid() and form.did(
        lambda: actions.add_contact(
            person, by=request.user, contact=actions.Contact(**form.cleaned_data)
        )
    ):
        messages.success(request, _("已补充联系方式"))
        return redirect("customers:customer", pk)
    return page(request, person, complaints, contact_form=form)
