"""Knowledge in the inbox: whoever may review it finds it, reads the difference, decides."""

import pytest

from huiyin.ground import moment
from huiyin.ground.knowledge.models import Version
from huiyin.ground.knowledge.words import Audience, Kind, State
from huiyin.ground.people.words import Role
from huiyin.surface.inbox import lists
from tests.conftest import person
from tests.knowledge.conftest import in_force as published

pytestmark = pytest.mark.django_db


def submitted(code: str, by, kind: str = Kind.POLICY, **more) -> Version:
    """A second version of an article, written and handed in by `by`."""
    first = published(code, "超过七天的质量问题", body="七天以内可以退货。", kind=kind)
    return Version.objects.create(
        article=first.article,
        number=2,
        title="超过七天的质量问题",
        body="十五天以内可以退货。",
        author=by,
        writers=[by.pk],
        created_at=moment.now(),
        submitted_at=moment.now(),
        submitted_by=by,
        state=State.REVIEW,
        change="期限延长",
        **({"audience": Audience.AGENT} | more),
    )


def found(user) -> list[str]:
    return [one.number for one in lists.page(user, key="review")[0]]


def place(version) -> str:
    return f"/inbox/review/{version.pk}/"


def test_it_waits_for_another_who_may_review_and_for_nobody_else(zhi, ji, fa, manager, li):
    submitted("T-1", zhi)
    submitted("LAW-1", zhi, kind=Kind.LAW)
    assert found(ji) == found(manager) == ["T-1"]
    assert found(fa) == ["LAW-1"]
    assert found(zhi) == found(li) == []
    assert lists.total(ji) == 1
    item = lists.page(ji)[0][0]
    assert (item.by, item.why, item.complaint) == ("支宁", "期限延长", None)


def test_the_difference_is_read_and_it_is_approved_where_it_stands(zhi, ji, signed_in):
    version = submitted("T-1", zhi)
    page = signed_in(ji)
    assert "T-1" in page.get("/inbox/").text
    text = page.get(place(version)).text
    assert "<del>七</del><ins>十五</ins>天以内可以退货。" in text
    assert "/knowledge/articles/T-1/?version=2&amp;against=1" in text
    answer = page.post(place(version), {"approve": "1"}, headers={"HX-Request": "true"})
    assert "已批准发布" in answer.text
    version.refresh_from_db()
    assert (version.state, version.reviewed_by, version.in_force) == ("published", ji, True)
    assert found(ji) == []
    assert "已经有了决定" in page.get(place(version)).text


def test_it_is_sent_back_with_what_to_change(zhi, ji, signed_in):
    version = submitted("T-1", zhi)
    page = signed_in(ji)
    none = page.post(place(version), {"approve": "0"}, headers={"HX-Request": "true"})
    assert none.status_code == 422
    page.post(place(version), {"approve": "0", "note": "请写明从哪天算起"})
    version.refresh_from_db()
    assert (version.state, version.review_note) == ("draft", "请写明从哪天算起")
    again = page.post(place(version), {"approve": "1"}, headers={"HX-Request": "true"})
    assert again.status_code == 409


def test_who_wrote_it_reads_but_does_not_decide(zhi, ji, li, signed_in):
    version = submitted("T-1", zhi)
    page = signed_in(zhi)
    assert "自己写的不能自己审核" in page.get(place(version)).text
    assert page.post(place(version), {"approve": "1"}).status_code == 403
    assert signed_in(li).get(place(version)).status_code == 404
    assert signed_in(li).post(place(version), {"approve": "1"}).status_code == 404
    version.refresh_from_db()
    assert version.state == State.REVIEW


def test_what_is_restricted_is_found_by_its_roles_only(zhi, ji, manager, signed_in):
    version = submitted("T-1", zhi, audience=Audience.RESTRICTED, roles=[Role.MANAGER])
    assert found(ji) == []
    assert found(manager) == ["T-1"]
    assert signed_in(ji).get(place(version)).status_code == 404


def test_it_is_found_by_code_title_and_writer(zhi, ji):
    submitted("T-1", zhi)
    for q, hits in (("T-1", 1), ("质量", 1), ("支宁", 1), ("海豚", 0), ("%", 0)):
        assert len(lists.page(ji, q=q)[0]) == hits


def test_the_list_goes_on_page_by_page(zhi, ji, api):
    for n in range(lists.PAGE + 2):
        submitted(f"T-{n}", zhi)
    first, after = lists.page(ji)
    rest, end = lists.page(ji, cursor=after)
    assert (len(first), len(rest), end) == (lists.PAGE, 2, "")
    told = api(ji).get("/api/v1/inbox?kind=review").json()
    assert told["counts"]["review"] == lists.PAGE + 2
    assert (told["items"][0]["number"], told["items"][0]["severity"]) == ("T-0", None)


def test_who_reviews_nothing_else_has_the_entry(zhi, signed_in):
    other = person("du", "杜编辑", Role.KNOWLEDGE)
    submitted("T-1", zhi)
    assert 'href="/inbox/"' in signed_in(other).get("/knowledge/").text
