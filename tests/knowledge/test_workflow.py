"""Draft → review → published → expired: by whom, never by oneself, one at a time, on its day."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, transaction

from huiyin.ground import moment
from huiyin.ground.knowledge import actions
from huiyin.ground.knowledge.actions import Text, find
from huiyin.ground.knowledge.models import Article, Version
from huiyin.ground.knowledge.words import Audience, Kind, State, Turn
from huiyin.ground.people.words import Role
from huiyin.ground.refusal import Invalid, NotPermitted, Refused
from tests.conftest import at, person
from tests.together import at_once

pytestmark = pytest.mark.django_db

TODAY = moment.read_day("2026-09-28")
LATER = moment.read_day("2027-03-01")


@pytest.fixture(autouse=True)
def _a_day(clock):
    with clock("2026-09-28 10:00"):
        yield


def text(title="鲸鱼条款", body="蓝鲸七天可退。", **more) -> Text:
    return Text(title=title, body=body, **more)


def draft(by, kind=Kind.POLICY, **more) -> Version:
    return actions.write(by=by, kind=kind, text=text(**more), review_on=LATER)


def published(writer, reviewer, **more) -> Version:
    version = draft(writer, **more)
    actions.submit(version, by=writer)
    actions.approve(fresh(version), by=reviewer)
    return fresh(version)


def fresh(version: Version) -> Version:
    return Version.objects.select_related("article").get(pk=version.pk)


def test_a_clause_goes_its_way_and_is_then_found(zhi, ji, li):
    version = draft(zhi)
    assert version.article.code == "ZC-0001"
    assert version.article.owner == zhi
    assert find(li, "蓝鲸七天") == []
    actions.submit(version, by=zhi)
    assert [one.pk for one in actions.waiting_for(ji)] == [version.pk]
    assert not actions.waiting_for(zhi).exists()
    actions.approve(fresh(version), by=ji)
    assert [one.version_id for one in find(li, "蓝鲸七天")] == [version.pk]
    turns = list(version.article.history.order_by("pk").values_list("what", flat=True))
    assert turns == [Turn.BEGUN, Turn.SUBMITTED, Turn.APPROVED, Turn.IN_FORCE]


def test_nobody_approves_what_he_wrote_in(zhi, ji, manager):
    version = draft(zhi)
    changed = actions.save(version, by=ji, text=text(body="改过。"), revision=1)
    actions.submit(changed, by=ji)
    for writer in (zhi, ji):
        with pytest.raises(NotPermitted, match="自己"):
            actions.approve(fresh(version), by=writer)
        with pytest.raises(NotPermitted, match="自己"):
            actions.send_back(fresh(version), by=writer, note="不行")
    actions.approve(fresh(version), by=manager)


def test_law_is_for_the_lawyer(zhi, ji, fa, manager, li):
    with pytest.raises(NotPermitted):
        draft(fa, kind=Kind.POLICY)
    law = draft(zhi, kind=Kind.LAW)
    with pytest.raises(Invalid) as refused:
        actions.submit(law, by=zhi)
    assert set(refused.value.fields) == {"source", "clause", "dated"}
    whole = text(source="《蓝鲸法》", clause="第一条", dated=TODAY)
    law = actions.save(law, by=zhi, text=whole, revision=1)
    actions.submit(law, by=zhi)
    for person_ in (ji, manager, li):
        with pytest.raises(NotPermitted):
            actions.approve(fresh(law), by=person_)
    actions.approve(fresh(law), by=fa)
    assert fresh(law).in_force


def test_others_write_nothing(li, chen):
    for person_ in (li, chen):
        with pytest.raises(NotPermitted):
            draft(person_)


def test_the_next_version_supersedes_and_says_so(zhi, ji):
    first = published(zhi, ji)
    second = actions.revise(first.article, by=zhi)
    assert (second.number, second.title) == (2, first.title)
    with pytest.raises(Refused, match="已经有一份"):
        actions.revise(first.article, by=ji)
    assert fresh(first).in_force  # until the second is published
    second = actions.save(second, by=zhi, text=text(body="蓝鲸八天可退。"), revision=1)
    actions.submit(second, by=zhi)
    actions.approve(fresh(second), by=ji)
    assert (fresh(first).state, fresh(first).in_force) == (State.EXPIRED, False)
    assert fresh(second).in_force


def test_of_two_who_edit_one_is_refused(zhi, ji):
    version = draft(zhi)
    actions.save(version, by=zhi, text=text(body="先改的。"), revision=1)
    with pytest.raises(Refused, match="别人改过"):
        actions.save(version, by=ji, text=text(body="后改的。"), revision=1)
    assert fresh(version).body == "先改的。"


def test_only_what_stands_there_moves(zhi, ji):
    version = draft(zhi)
    with pytest.raises(Refused):
        actions.approve(version, by=ji)  # not submitted
    actions.submit(version, by=zhi)
    with pytest.raises(Refused):
        actions.save(version, by=zhi, text=text(), revision=1)  # in review
    with pytest.raises(Refused):
        actions.discard(version, by=zhi)
    with pytest.raises(NotPermitted):
        actions.take_back(fresh(version), by=ji)
    actions.take_back(fresh(version), by=zhi)
    actions.submit(fresh(version), by=zhi)
    actions.send_back(fresh(version), by=ji, note="第二句不清楚")
    assert fresh(version).review_note == "第二句不清楚"
    actions.discard(fresh(version), by=zhi)
    assert not Article.objects.filter(pk=version.article_id).exists()


def test_a_day_begins_it_and_a_day_ends_it(zhi, ji, li, clock):
    first = published(zhi, ji)
    second = actions.revise(first.article, by=zhi)
    coming = text(
        body="蓝鲸十月起八天。",
        valid_from=moment.read_day("2026-10-01"),
        valid_to=moment.read_day("2026-12-31"),
    )
    second = actions.save(second, by=zhi, text=coming, revision=1)
    actions.submit(second, by=zhi)
    actions.approve(fresh(second), by=ji)
    assert fresh(first).in_force and not fresh(second).in_force
    assert actions.turn_due() == 0
    with clock("2026-10-01 00:30"):
        assert actions.turn_due() == 1
        assert actions.turn_due() == 0
    assert fresh(second).in_force and not fresh(first).in_force
    with clock("2026-12-31 23:00"):
        assert actions.turn_due() == 0  # its last day is one of its days
    with clock("2027-01-01 00:30"):
        assert actions.turn_due() == 1
    assert fresh(second).state == State.EXPIRED
    assert find(li, "蓝鲸") == []


def test_withdrawn_at_once_with_a_reason(zhi, ji, li):
    version = published(zhi, ji)
    with pytest.raises(NotPermitted):
        actions.withdraw(version.article, by=li, reason="写错了")
    with pytest.raises(Invalid):
        actions.withdraw(version.article, by=ji, reason="")
    actions.withdraw(version.article, by=ji, reason="写错了")
    assert find(li, "蓝鲸") == []
    with pytest.raises(Refused):
        actions.withdraw(version.article, by=ji, reason="再来一次")


def test_read_again_it_gets_its_next_day(zhi, ji, clock):
    article = published(zhi, ji).article
    with clock("2027-03-02 09:00"):
        assert actions.due_for_review(moment.today()) == [article]
        with pytest.raises(Invalid):
            actions.confirm(article, by=zhi, review_on=TODAY)
        actions.confirm(article, by=zhi, review_on=moment.read_day("2027-09-01"))
        assert actions.due_for_review(moment.today()) == []


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title": "x"}, "title"),
        ({"title": "长" * 161}, "title"),
        ({"body": ""}, "body"),
        ({"body": "长" * 20_001}, "body"),
        ({"audience": "everybody"}, "audience"),
        ({"audience": Audience.RESTRICTED}, "roles"),
        ({"audience": Audience.RESTRICTED, "roles": ["king"]}, "roles"),
        ({"steps": ["dance"]}, "steps"),
        ({"categories": ["'; DROP"]}, "categories"),
        ({"keywords": ["x" * 21]}, "keywords"),
        ({"keywords": [f"词{i}" for i in range(41)]}, "keywords"),
        ({"url": "javascript:alert(1)"}, "url"),
        ({"valid_from": LATER, "valid_to": TODAY}, "valid_to"),
    ],
)
def test_what_cannot_stand_is_refused_at_its_field(zhi, change, field):
    with pytest.raises(Invalid) as refused:
        actions.write(by=zhi, kind=Kind.POLICY, text=text(**change))
    assert field in refused.value.fields


def test_a_code_is_taken_once(zhi, ji):
    actions.write(by=zhi, kind=Kind.POLICY, text=text(), code="WH-1")
    with pytest.raises(Invalid, match="已经有了"):
        actions.write(by=ji, kind=Kind.POLICY, text=text(), code="WH-1")


def test_what_was_published_cannot_be_rewritten_by_any_way(zhi, ji):
    version = published(zhi, ji)
    for change in ({"body": "别的"}, {"audience": "customer"}, {"state": "draft"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Version.objects.filter(pk=version.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        version.delete()
    with pytest.raises(DatabaseError), transaction.atomic():
        version.article.history.update(note="别的")


def test_restricted_drafts_are_read_by_their_roles_alone(zhi, ji, manager):
    secret = draft(zhi, audience=Audience.RESTRICTED, roles=[Role.MANAGER])
    visible = Version.objects.filter(pk=secret.pk)
    assert visible.visible_to(zhi).exists() and visible.visible_to(manager).exists()
    assert not visible.visible_to(ji).exists()
    actions.submit(secret, by=zhi)
    with pytest.raises(NotPermitted, match="受限"):
        actions.approve(fresh(secret), by=ji)
    actions.approve(fresh(secret), by=manager)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_approve_at_once_one_is_refused():
    zhi, ji = person("zhi", "支宁", Role.KNOWLEDGE), person("ji", "季岚", Role.KNOWLEDGE)
    gao = person("gao", "高远", Role.MANAGER)
    with moment.at(at("2026-09-28 10:00")):
        version = draft(zhi)
        actions.submit(version, by=zhi)
    outcomes = at_once(
        lambda: actions.approve(fresh(version), by=ji),
        lambda: actions.approve(fresh(version), by=gao),
    )
    refused = [one for one in outcomes if isinstance(one, Refused)]
    assert len(refused) == 1
    assert version.article.history.filter(what=Turn.IN_FORCE).count() == 1


def test_a_search_in_vain_is_one_however_often_it_is_typed(li, zhi):
    from huiyin.ground.knowledge.models import Miss

    for typed in ("白鲸", "白鲸海", "白鲸海豚", "白鲸海"):
        actions.missed(typed, place="list", user=li)
    actions.missed("，！", place="list", user=li)
    assert list(Miss.objects.values_list("words", flat=True)) == ["白鲸海豚"]
    actions.missed("白鲸 海豚", place="help", user=None)
    with pytest.raises(NotPermitted):
        actions.settle("白鲸海豚", by=li, note="已写")
    assert actions.settle("白鲸海豚", by=zhi, note="已写 WH-2") == 1
    with pytest.raises(Refused):
        actions.settle("白鲸海豚", by=zhi, note="已写 WH-2")
