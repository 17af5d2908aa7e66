"""Laws as data: where they come from, off until somebody decides, never overwritten."""

from __future__ import annotations

import pytest
from django.core.management import call_command

from huiyin.journey.clocks.actions import due_of
from huiyin.journey.clocks.models import Policy, Term
from huiyin.journey.clocks.words import PolicyStatus
from tests.conftest import at

pytestmark = pytest.mark.django_db
OWN = "SLA-"


def test_every_pack_says_where_it_comes_from_and_is_off():
    packs = Policy.objects.exclude(code__startswith=OWN)
    assert packs.count() >= 30
    assert not packs.filter(enabled=True).exists()
    assert not packs.filter(source="").exists()
    assert not packs.filter(status=PolicyStatus.IN_FORCE, verified_on=None).exists()
    assert not packs.filter(status=PolicyStatus.UNVERIFIED).exclude(verified_on=None).exists()


@pytest.mark.parametrize(
    ("code", "kind", "due"),
    [
        ("CN-EXPRESS", "resolution", "2026-12-03 00:00"),  # 7 days
        ("CN-BANK-INS", "resolution", "2026-12-11 00:00"),  # 15 days
        ("CN-12345", "resolution", "2026-12-03 00:00"),  # 5 working days
        ("CN-TAXI", "first_response", "2026-11-26 10:00"),  # 24 hours
        ("CN-SAMR-12315", "first_response", "2026-12-05 00:00"),  # 7 working days
        ("CN-SAMR-12315", "resolution", "2027-01-26 00:00"),  # 60 days, a Sunday: rolls
    ],
)
def test_a_law_gives_its_limit(code, kind, due):
    term = Term.objects.get(policy__code=code, kind=kind)
    assert due_of(term, at("2026-11-25 10:00")) == at(due)


def test_fifteen_days_may_become_sixty_where_the_law_says_so():
    assert Term.objects.get(policy__code="CN-BANK-INS", kind="resolution").most_extra == 45


def test_what_nobody_has_verified_carries_a_banner_and_cannot_be_switched_on(signed_in):
    from huiyin.ground.people.words import Role
    from tests.conftest import person

    admin = person("zheng", "郑凯", Role.SYSADMIN)
    policy = Policy.objects.get(code="CN-TOURISM")
    page = signed_in(admin).get(f"/console/policies/{policy.pk}/").content.decode()
    assert "尚未核实，不会生效" in page


def test_loading_again_overwrites_no_edit():
    Policy.objects.filter(code="CN-EXPRESS").update(enabled=True, version="2026")
    Term.objects.filter(policy__code="CN-EXPRESS").delete()
    call_command("load_reference", verbosity=0)
    kept = Policy.objects.get(code="CN-EXPRESS")
    assert (kept.enabled, kept.version, kept.terms.count()) == (True, "2026", 0)
