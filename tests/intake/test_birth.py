"""What a registration records is written at once, with its number last, and promised with it."""

from __future__ import annotations

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from huiyin.ground.customers.actions import Contact
from huiyin.ground.customers.models import ContactPoint
from huiyin.journey.complaint.events import flow
from huiyin.journey.complaint.models import Event
from huiyin.journey.complaint.words import What
from huiyin.journey.intake.actions import register
from tests.conftest import person

pytestmark = pytest.mark.django_db


def taken_in(by):
    return register(
        by=by,
        channel="phone",
        contact=Contact(name="王芳", phone="13912345678", email="wf@example.com"),
        text="上周买的电饭煲不加热，客服一直不处理，要求退款。",
        category="PD.01",
    )


@pytest.fixture
def gao(db):
    return person("gao", "高远", "manager")


def test_all_events_come_in_one_statement_in_the_order_they_happened(gao, li):
    with CaptureQueriesContext(connection) as queries:
        complaint = taken_in(gao)
    written = [q["sql"] for q in queries if 'INSERT INTO "complaint_event"' in q["sql"]]
    assert len(written) == 1
    told = list(complaint.events.order_by("pk").values_list("what", flat=True))
    assert told[:2] == [What.RECEIVED, What.TRIAGED]
    assert complaint.last_activity_at == complaint.events.latest("pk").at


def test_each_event_that_something_follows_later_has_its_job(gao, li):
    complaint = taken_in(gao)
    followed = {e.pk for e in complaint.events.all() if flow()[What(e.what)].later}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT args->>'event_id' FROM procrastinate_jobs WHERE task_name = %s",
            ["follow_later"],
        )
        promised = {int(pk) for (pk,) in cursor.fetchall()}
    assert followed
    assert promised == followed


def test_a_registration_that_fails_leaves_no_event(gao, monkeypatch):
    monkeypatch.setattr(
        "huiyin.journey.complaint.models.NumberSeries.take",
        lambda at: (_ for _ in ()).throw(OSError),
    )
    with pytest.raises(OSError), transaction.atomic():
        taken_in(gao)
    assert Event.objects.count() == 0


def test_a_new_customer_and_his_points_are_made_without_a_second_look(gao):
    with CaptureQueriesContext(connection) as queries:
        complaint = taken_in(gao)
    points = [q["sql"] for q in queries if "customers_contactpoint" in q["sql"]]
    assert len(points) == 3  # whose is it, make them, and show them
    assert ContactPoint.objects.filter(customer=complaint.customer).count() == 2
