"""Registering: it works and what follows follows; the wrong person; twice; two at once."""

import threading
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from huiyin.ground import moment
from huiyin.ground.customers.models import ContactPoint, Customer
from huiyin.ground.people.models import User
from huiyin.ground.refusal import Invalid, NotPermitted, Refused
from huiyin.journey.complaint.models import Complaint, NumberSeries
from huiyin.journey.complaint.words import What
from huiyin.journey.conversation.words import Kind
from huiyin.journey.intake.actions import (
    Circumstances,
    Contact,
    contacted_again,
    register,
    register_once,
)
from huiyin.journey.intake.models import Receipt


def test_a_registered_complaint_has_number_code_customer_message_and_story(registered, li):
    complaint = registered(
        happened_on=date(2026, 1, 2), around=Circumstances(place="家中", recording_told=True)
    )

    complaint.refresh_from_db()
    year = moment.local_year(complaint.received_at)
    assert complaint.number.startswith(f"TS{year}-")
    assert len(complaint.tracking_code) == 26
    assert complaint.subject == "上周买的电饭煲漏电"
    assert complaint.received_by == li
    assert complaint.customer.contact_points.get().value == "+8613800138000"
    message = complaint.messages.get()
    assert (message.kind, message.text, message.by) == (Kind.INBOUND, complaint.text, li)
    assert complaint.events.order_by("pk").first().what == What.RECEIVED
    assert (complaint.intake.place, complaint.intake.recording_told) == ("家中", True)
    assert Complaint.objects.search("漏电").get() == complaint
    assert Complaint.objects.search("13800138000").count() <= 1


def test_the_registrar_sees_it_and_a_stranger_does_not(registered, li, admin):
    complaint = registered()
    assert complaint in Complaint.objects.visible_to(li)
    assert complaint not in Complaint.objects.visible_to(admin)


def test_a_person_is_found_again_by_any_spelling_of_any_point(registered):
    first = registered(
        contact=Contact(name="王芳", phone="+86 138 0013 8000", email="WF@Example.com")
    )
    by_phone = registered(contact=Contact(phone="１３８００１３８０００"))
    by_mail = registered(contact=Contact(email="wf@example.com"))
    assert first.customer == by_phone.customer == by_mail.customer
    assert [c.contact_count for c in (first, by_phone, by_mail)] == [1, 2, 3]


def test_somebody_may_stay_anonymous(registered):
    one, other = registered(contact=Contact()), registered(contact=Contact())
    assert one.customer != other.customer
    assert one.contact_count == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"text": "  "}, "text"),
        ({"text": "a\x00b"}, "text"),
        ({"text": "x" * 20_001}, "text"),
        ({"text": "\ud800"}, "text"),
        ({"wanted": "x" * 501}, "wanted"),
        ({"order_no": "x" * 65}, "order_no"),
        ({"contact": Contact(phone="12")}, "phone"),
        ({"contact": Contact(email="nobody")}, "email"),
        ({"contact": Contact(name="名" * 81)}, "name"),
        ({"channel": "fax"}, "channel"),
        ({"category": "产品"}, "category"),
        ({"severity": 9}, "severity"),
        ({"happened_on": date(2999, 1, 1)}, "happened_on"),
        ({"happened_on": date(1900, 1, 1)}, "happened_on"),
        ({"fields": {"no_such_field": "x"}}, "fields.no_such_field"),
        ({"idempotency_key": "键"}, "Idempotency-Key"),
        ({"around": Circumstances(place="x" * 121)}, "place"),
    ],
)
def test_what_cannot_be_taken_is_refused_with_a_sentence_by_its_field(registered, changes, field):
    with pytest.raises(Invalid) as refused:
        registered(**changes)
    assert list(refused.value.fields) == [field]
    assert str(refused.value.sentence)
    assert not Complaint.objects.exists()


def test_all_faults_are_told_at_once(registered):
    with pytest.raises(Invalid, match="有 2 处需要修改") as refused:
        registered(text="", contact=Contact(phone="1"))
    assert set(refused.value.fields) == {"text", "phone"}


def test_who_does_not_take_complaints_in_may_not_register(registered, admin):
    with pytest.raises(NotPermitted, match="可以登记投诉"):
        registered(by=admin)


def test_required_fields_of_the_category_are_insisted_on_and_kept(registered):
    with pytest.raises(Invalid) as refused:
        registered(category="SF.01.02")
    assert set(refused.value.fields) == {"fields.injury", "fields.treated"}

    complaint = registered(
        category="SF.01.02", fields={"injury": "手部发红", "treated": "no", "batch_no": "x"}
    )
    assert {a.field.key: a.value for a in complaint.answers.all()} == {
        "injury": "手部发红",
        "treated": "no",
    }
    assert (complaint.category, complaint.category_confirmed) == ("SF.01.02", True)


def test_an_import_is_not_asked_for_required_fields(registered):
    assert registered(category="SF.01.02", via="import").number


PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(32)


def test_files_become_evidence_and_a_file_field_names_them(registered):
    key = "a" * 32
    complaint = registered(
        category="PD.01.06",
        fields={"photo": [key]},
        files={key: SimpleUploadedFile("坏了.png", PNG)},
    )
    evidence = complaint.evidence.get()
    assert evidence.message == complaint.messages.get()
    assert complaint.answers.get(field__key="photo").value == [str(evidence.uuid)]


def test_a_file_field_cannot_name_a_file_of_somebody_else(registered):
    complaint = registered(category="PD.01.06", fields={"photo": ["b" * 32]})
    assert complaint.answers.get(field__key="photo").value == []


def test_the_same_thing_sent_twice_is_one_complaint(said, li):
    first = register_once(**said(by=li, idempotency_key="k1"))
    again = register_once(**said(by=li, idempotency_key="k1"))

    assert (first.was_there, again.was_there) == (False, True)
    assert first.complaint == again.complaint
    assert Complaint.objects.count() == 1


def test_the_same_key_with_other_content_is_refused_and_names_the_first(said, li):
    first = register_once(**said(by=li, idempotency_key="k1")).complaint
    with pytest.raises(Invalid, match=first.number):
        register_once(**said(by=li, idempotency_key="k1", wanted="赔偿"))
    assert Complaint.objects.count() == 1


def test_keys_of_two_callers_never_meet(said, li, zhou):
    one = register(**said(by=li, idempotency_key="k1"))
    other = register(**said(by=zhou, idempotency_key="k1"))
    assert one != other


def test_a_refused_registration_leaves_its_key_free(said, li):
    with pytest.raises(Invalid):
        register(**said(by=li, idempotency_key="k1", text=""))
    assert not Receipt.objects.exists()
    assert register(**said(by=li, idempotency_key="k1")).number


def test_a_stranger_at_the_portal_adds_nothing_to_the_owner_of_a_number(registered, db):
    owner = registered().customer
    system = User.objects.system()
    complaint = registered(
        by=system,
        via="portal",
        channel="portal",
        contact=Contact(name="别人", phone="13800138000", email="evil@example.com"),
    )
    assert complaint.customer == owner
    assert complaint.received_by is None
    assert [p.kind for p in owner.contact_points.all()] == ["phone"]
    assert complaint.intake.contact["email"] == "evil@example.com"


def test_another_call_about_an_open_complaint_stays_with_it(registered, li):
    complaint = registered()
    contacted_again(complaint, by=li, text="又打来了，问进展", channel="phone")
    complaint.refresh_from_db()
    assert complaint.contact_count == 2
    assert complaint.messages.count() == 2


def test_an_archived_complaint_takes_nothing_more(make_complaint, li):
    with pytest.raises(Refused):
        contacted_again(make_complaint(status="ARC"), by=li, text="x", channel="phone")


def test_registering_costs_few_queries(registered, said, li):
    registered()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        register(**said(by=li, idempotency_key="cheap"))
    assert len(queries) <= 40, "\n".join(q["sql"][:160] for q in queries)


# --- two at once ------------------------------------------------------------------------------


def together(count, act):
    """Run `act(i)` in so many threads at the same moment; gives what each returned or raised."""
    gate = threading.Barrier(count)
    results: list[Any] = [None] * count

    def run(i):
        gate.wait()
        try:
            results[i] = act(i)
        except Exception as error:
            results[i] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(i,)) for i in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.mark.django_db(transaction=True)
def test_the_same_key_from_many_at_once_makes_one_complaint_and_all_get_it(said, li):
    User.objects.system()
    results = together(8, lambda i: register_once(**said(by=li, idempotency_key="at-once")))

    assert {r.complaint.number for r in results} == {Complaint.objects.get().number}
    assert sorted(r.was_there for r in results) == [False] + [True] * 7
    assert Customer.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_new_person_registered_by_two_at_once_is_one_person(said, li):
    User.objects.system()
    results = together(4, lambda i: register(**said(by=li)))
    assert all(isinstance(r, Complaint) for r in results), results
    assert ContactPoint.objects.count() == 1
    assert Complaint.objects.values("customer").distinct().count() == 1


class Rollback(Exception):
    pass


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_numbers_have_no_gap_under_64_writers_of_which_some_fail(said, li):
    User.objects.system()
    writers, each = 64, 3

    def write(i):
        made = []
        for n in range(each):
            try:
                with transaction.atomic():
                    complaint = register(**said(by=li, contact=Contact(phone=f"139{i:04d}{n:04d}")))
                    if (i + n) % 4 == 0:
                        raise Rollback  # after the number was taken
                made.append(complaint.number)
            except Rollback:
                pass
        return made

    results = together(writers, write)
    assert [r for r in results if isinstance(r, Exception)] == []
    numbers = sorted(Complaint.objects.values_list("number", flat=True))
    year = moment.local_year(moment.now())
    kept = sum(len(r) for r in results)
    assert numbers == [f"TS{year}-{i:06d}" for i in range(1, kept + 1)]
    assert NumberSeries.objects.get(year=year).last == kept
    assert sorted(n for r in results for n in r) == numbers


def test_numbers_begin_anew_each_year(registered, clock):
    with clock("2025-12-31 23:59"):
        last = registered()
    with clock("2026-01-01 00:00"):
        first = registered()
    assert (last.number[:7], first.number) == ("TS2025-", "TS2026-000001")


def test_only_complaints_of_the_last_30_days_count_as_repeats(registered, clock):
    with clock("2026-03-01 10:00"):
        registered()
    with clock("2026-03-20 10:00"):
        assert registered().contact_count == 2
    with clock("2026-06-20 10:00"):
        assert registered().contact_count == 1
