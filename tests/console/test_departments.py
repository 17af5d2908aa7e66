"""The directory of departments, stores, suppliers, carriers and laboratories."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from huiyin.ground.people.models import Department
from huiyin.ground.people.words import DepartmentKind, Role
from huiyin.surface.console.models import ConfigChange
from tests.conftest import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def qc(db):
    return Department.objects.create(
        code="qc", name="品控部", name_en="Quality control", about="批次追溯、封样送检"
    )


def test_a_carrier_is_entered_with_whom_to_call_and_how_long_it_may_take(
    manager, signed_in, fill, qc
):
    answer = fill(
        signed_in(manager),
        "departments",
        code="xunda",
        name="迅达快运",
        kind=DepartmentKind.CARRIER,
        contact_name="客户对接组",
        contact_phone="0571-0000-1002",
        contact_email="claims@example.com",
        calendar_code="always",
        sign_in_hours="4",
        answer_amount="2",
        answer_unit="work_days",
    )
    assert answer.status_code == 302
    made = Department.objects.get(code="xunda")
    assert (made.kind, made.parent, made.calendar_code) == ("carrier", None, "always")
    assert made.is_outside
    assert not qc.is_outside
    page = signed_in(manager).get(reverse("console:section", args=["departments"]))
    assert "客户对接组 0571-0000-1002" in page.text
    assert "4 工作小时 / 2 工作日" in page.text
    assert ConfigChange.objects.get().section == "departments"


@pytest.mark.parametrize("typed", ["封样", "对接", "xunda", "0571-0000-1002", "沈卓"])
def test_it_is_found_by_what_one_knows_of_it(manager, signed_in, typed, qc):
    shen = person("shen", "沈卓", Role.DEPT_HEAD)
    Department.objects.create(
        code="xunda",
        name="迅达",
        about="封样件专车",
        contact_name="客户对接组",
        head=shen,
        contact_phone="0571-0000-1002",
    )
    Department.objects.create(code="none", name="别的单位")
    listing = reverse("console:section", args=["departments"])
    page = signed_in(manager).get(listing, {"q": typed})
    assert "迅达" in page.text
    assert "别的单位" not in page.text


def test_half_a_working_day_and_a_circle_are_refused(manager, signed_in, fill, qc):
    below = Department.objects.create(code="below", name="下级", parent=qc)
    answer = fill(signed_in(manager), "departments", qc, answer_amount="1.5")
    assert answer.status_code == 422
    assert "天数请填整数" in answer.text
    qc.refresh_from_db()
    assert qc.answer_amount == 2
    for above in (below, qc):
        qc.parent = above
        with pytest.raises(ValidationError, match="上级不能是自己或自己的下级"):
            qc.full_clean()


def test_what_people_belong_to_stays_in_use(manager, signed_in, qc):
    person("jiang", "江涛", Role.DEPT_HANDLER, department=qc)
    url = reverse("console:state", args=["departments", qc.pk])
    answer = signed_in(manager).post(url, {"state": "retired"})
    assert answer.status_code == 409
    assert "还有 1 人" in answer.text
    qc.refresh_from_db()
    assert qc.retired_at is None
