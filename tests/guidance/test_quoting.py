"""A passage is quoted once, counted once, judged, and never what is restricted or expired."""

from __future__ import annotations

import pytest

from huiyin.ground.knowledge.models import Version
from huiyin.ground.knowledge.words import Audience
from huiyin.ground.people.words import Role
from huiyin.ground.refusal import Invalid, NotPermitted, Refused
from huiyin.journey.guidance import actions
from huiyin.journey.guidance.models import Quotation
from tests.conftest import person
from tests.knowledge.conftest import in_force

pytestmark = pytest.mark.django_db


def test_it_is_quoted_and_counted_once_for_each_use(complaint, clause, li):
    for into in ("reply", "reply", "offer"):
        actions.quote(complaint, by=li, version=clause.pk, into=into)
    assert sorted(complaint.quotations.values_list("into", flat=True)) == ["offer", "reply"]
    clause.article.refresh_from_db()
    assert clause.article.used == 2


def test_who_takes_no_part_does_not_quote(complaint, clause):
    head = person("head", "部门", Role.DEPT_HEAD)
    with pytest.raises(NotPermitted):
        actions.quote(complaint, by=head, version=clause.pk, into="reply")


def test_restricted_words_never_reach_the_customer(complaint, manager):
    secret = in_force("T-2", "底线", audience=Audience.RESTRICTED, roles=[Role.MANAGER])
    for into in ("reply", "offer"):
        with pytest.raises(Refused, match="受限"):
            actions.quote(complaint, by=manager, version=secret.pk, into=into)
    assert actions.quote(complaint, by=manager, version=secret.pk, into="read").pk


def test_what_one_may_not_read_or_is_over_is_refused(complaint, clause, li):
    secret = in_force("T-2", "底线", audience=Audience.RESTRICTED, roles=[Role.MANAGER])
    for version, into in ((secret.pk, "read"), (10**9, "reply"), (clause.pk, "shredder")):
        with pytest.raises(Invalid):
            actions.quote(complaint, by=li, version=version, into=into)
    Version.objects.filter(pk=clause.pk).update(in_force=False, state="expired")
    with pytest.raises(Refused, match="失效"):
        actions.quote(complaint, by=li, version=clause.pk, into="reply")
    assert not Quotation.objects.exists()


def test_the_last_verdict_counts(complaint, clause, li):
    quotation = actions.quote(complaint, by=li, version=clause.pk, into="reply")
    for verdict in ("helped", "helped", "not_helped"):
        actions.judge(quotation, by=li, verdict=verdict)
    clause.article.refresh_from_db()
    assert (clause.article.helped, clause.article.not_helped) == (0, 1)
    with pytest.raises(Invalid):
        actions.judge(quotation, by=li, verdict="maybe")


def test_the_archive_is_only_read(complaint, clause, li):
    complaint.status = "ARC"
    with pytest.raises(Refused, match="归档"):
        actions.quote(complaint, by=li, version=clause.pk, into="reply")


def test_page_dialog_and_panel(complaint, clause, li, sun, signed_in):
    browser, number = signed_in(li), complaint.number
    assert "引用知识" in browser.get(f"/complaints/{number}/").content.decode()
    dialog = browser.get(f"/complaints/{number}/passages/?dialog=1").content.decode()
    assert "<dialog" in dialog and "鲸鱼玩具退换" in dialog  # suggested: its keyword is there
    rows = browser.get(f"/complaints/{number}/passages/?q=鲸").content.decode()
    assert "<mark>鲸</mark>" in rows and f"编号 {number}" in rows
    quoted = browser.post(
        f"/complaints/{number}/quotations/", {"version": clause.pk, "into": "reply"}
    )
    assert quoted.status_code == 204
    inside = browser.get(f"/complaints/{number}/guidance/").content.decode()
    assert "这件投诉用过的知识" in inside
    one = complaint.quotations.get()
    done = browser.post(f"/complaints/{number}/quotations/{one.pk}/verdict/", {"verdict": "helped"})
    assert done.status_code == 204
    stranger = signed_in(sun)
    for path in ("guidance/", "passages/?q=鲸"):
        assert stranger.get(f"/complaints/{number}/{path}").status_code == 404
    assert stranger.post(f"/complaints/{number}/quotations/").status_code == 404
