"""A new complaint whose mail names an earlier one: seen on both, linked, merged, or left as two."""

from __future__ import annotations

import pytest

from huiyin.ground.refusal import Refused
from huiyin.journey.channels.mail import lists
from huiyin.journey.channels.mail.actions import reviewing
from huiyin.journey.channels.mail.models import Mail
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.complaint.words import Status
from huiyin.journey.grouping import actions as grouping
from huiyin.journey.grouping.models import Bond
from tests.mail import letters
from tests.mail.test_showing import mail_of
from tests.together import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def named(make_complaint, after_sales):
    return make_complaint(team=after_sales, status=Status.HND)


@pytest.fixture
def mail(make_complaint, after_sales, named):
    new = make_complaint(team=after_sales, status=Status.DIS, text="还是那件事，没有下文。")
    return mail_of(new, suspected=named, outcome="new")


def panels(page, complaint) -> str:
    return page.get(f"/complaints/{complaint.number}/panels/").content.decode()


def test_both_complaints_say_so_until_somebody_has_looked(mail, named, chen, signed_in):
    page = signed_in(chen)
    assert f"来信提到 {named.number}，未证实是同一人" in panels(page, mail.complaint)
    assert f"{mail.complaint.number} 的来信提到这一件" in panels(page, named)
    for one in (named, mail.complaint):
        assert f'href="/mail/{mail.pk}/"' in panels(page, one)
    reviewing.let_stand(mail, by=chen)
    for one in (named, mail.complaint):
        assert "未证实" not in panels(page, one)


def test_who_sees_one_only_reads_no_number_of_the_other(
    mail, named, li, logistics, signed_in, chen
):
    Complaint.objects.filter(pk=named.pk).update(team=logistics)
    Complaint.objects.filter(pk=mail.complaint_id).update(assignee=li)
    shown = panels(signed_in(li), mail.complaint)
    assert "来信提到一件您看不到的投诉" in shown
    assert named.number not in shown
    assert f"/mail/{mail.pk}/" not in shown  # an agent does not review
    with pytest.raises(Refused, match="看不到其中一件"):
        reviewing.link(mail, by=chen)
    assert (
        "关联要由看得到两件投诉的人来做"
        in signed_in(chen).get(f"/mail/{mail.pk}/").content.decode()
    )
    mail.refresh_from_db()
    assert mail.decided_at is None


def test_the_story_says_it_where_his_words_stand(arrived, named, chen, signed_in, manager):
    kept = arrived(letters.mail(Subject=f"回复：{named.number} 还没有解决"))
    assert kept.suspected == named
    url = f"/complaints/{kept.complaint.number}/story/"
    assert (
        f"来信提到 {named.number}，未证实是同一人" in signed_in(manager).get(url).content.decode()
    )
    reviewing.let_stand(kept, by=manager)
    assert "未证实是同一人" not in signed_in(manager).get(url).content.decode()


def test_the_badge_counts_what_this_person_may_review(mail, chen, manager, logistics):
    mail_of()  # held
    assert (lists.waiting(chen), lists.waiting(manager)) == (2, 2)
    Complaint.objects.filter(pk=mail.complaint_id).update(team=logistics)
    assert (lists.waiting(chen), lists.waiting(manager)) == (1, 2)
    reviewing.let_stand(mail, by=manager)
    assert lists.waiting(manager) == 1


def test_linked_from_the_mail_and_undone_as_any_link(mail, named, chen, signed_in):
    page = signed_in(chen)
    shown = page.get(f"/mail/{mail.pk}/").content.decode()
    assert f"/mail/{mail.pk}/link/" in shown
    answer = page.post(f"/mail/{mail.pk}/link/", follow=True)
    assert answer.redirect_chain[-1][0] == f"/complaints/{mail.complaint.number}/"
    bond = Bond.objects.get()
    assert (bond.complaint, bond.other, bond.kind) == (mail.complaint, named, "link")
    mail.refresh_from_db()
    assert mail.decided_by == chen
    grouping.unlink(bond, by=chen)
    assert not Bond.objects.lasting().exists()
    assert page.post(f"/mail/{mail.pk}/link/").status_code == 409


def test_linked_already_it_is_only_settled(mail, named, chen):
    grouping.link(named, to=mail.complaint, by=chen, nature="related")
    reviewing.link(mail, by=chen)
    assert Bond.objects.count() == 1
    mail.refresh_from_db()
    assert mail.decided_at is not None


def test_merged_from_the_mail_by_who_may(mail, named, chen, zhou, signed_in, api):
    triager = signed_in(zhou).get(f"/mail/{mail.pk}/").content.decode()
    assert f"/mail/{mail.pk}/merge/" not in triager
    assert signed_in(zhou).post(f"/mail/{mail.pk}/merge/").status_code == 403
    mail.refresh_from_db()
    assert mail.decided_at is None  # nothing of it is done
    assert f"/mail/{mail.pk}/merge/" in signed_in(chen).get(f"/mail/{mail.pk}/").content.decode()
    assert api(chen).post(f"/api/v1/mails/{mail.pk}/merge").status_code == 200
    bond = Bond.objects.merges().get()
    assert (bond.complaint, bond.other) == (mail.complaint, named)
    grouping.unmerge(bond, by=chen)
    assert Complaint.objects.get(pk=mail.complaint_id).status == Status.DIS


def test_what_cannot_be_merged_stays_to_be_reviewed(mail, named, chen, signed_in):
    Complaint.objects.filter(pk=named.pk).update(status=Status.CLO)
    answer = signed_in(chen).post(f"/mail/{mail.pk}/merge/")
    assert answer.status_code == 409
    mail.refresh_from_db()
    assert mail.decided_at is None


def test_a_program_links_with_a_nature(mail, chen, api):
    url = f"/api/v1/mails/{mail.pk}/link"
    bad = api(chen).post(url, {"nature": "x"}, content_type="application/json")
    assert bad.status_code == 422
    good = api(chen).post(url, {"nature": "duplicate"}, content_type="application/json")
    assert good.status_code == 200
    assert Bond.objects.get().nature == "duplicate"


@pytest.mark.django_db(transaction=True)
def test_of_two_who_decide_at_once_one_wins(mail, chen, manager):
    outcomes = at_once(
        lambda: reviewing.link(Mail.objects.get(pk=mail.pk), by=chen),
        lambda: reviewing.let_stand(Mail.objects.get(pk=mail.pk), by=manager),
    )
    assert sum(isinstance(one, Refused) for one in outcomes) == 1
    assert Bond.objects.count() <= 1


def test_an_answer_of_a_machine_that_names_a_number_is_not_asked_about(chen, named):
    mail_of(suspected=named, state="handled", outcome="noted")
    assert lists.waiting(chen) == 0
