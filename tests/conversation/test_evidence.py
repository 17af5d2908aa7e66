"""Evidence: what it is, who may open it, who did, and that nobody deletes what is held."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction

from huiyin.ground import moment
from huiyin.ground.people.words import Role
from huiyin.ground.refusal import Invalid, NotPermitted, Refused
from huiyin.journey.complaint.words import What
from huiyin.journey.conversation import actions, rules
from huiyin.journey.conversation.actions import Description
from huiyin.journey.conversation.models import Evidence
from huiyin.journey.conversation.words import CustodyAct
from tests.conftest import at, person
from tests.conversation.test_writing import PNG
from tests.together import at_once

pytestmark = pytest.mark.django_db


def file(name: str = "现场.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, PNG, "image/png")


@pytest.fixture
def complaint(make_complaint, after_sales, li):
    return make_complaint(team=after_sales, assignee=li, status="HND")


@pytest.fixture
def legal(db):
    return person("fang", "方正", Role.LEGAL)


@pytest.fixture
def mate(after_sales):
    """同组坐席：看不到别人名下的；由他受理的看得到。"""
    return person("mate", "赵琳", Role.AGENT, teams=[after_sales])


def kept(complaint, by, **said) -> Evidence:
    return actions.add_evidence(complaint, by=by, upload=file(), described=Description(**said))


@pytest.mark.parametrize(
    ("typed", "kept_as"),
    [
        ("", ""),
        ("3:12", "03:12"),
        ("03:12-04:05", "03:12–04:05"),
        ("3：12 到 4：05", "03:12–04:05"),
        ("1:02:03~1:03:00", "1:02:03–1:03:00"),
        ("75:10", "1:15:10"),
        ("第3页", "第 3 页"),
        ("3-4", "第 3–4 页"),
        ("p12", "第 12 页"),
        ("04:05-03:12", None),
        ("03:75", None),
        ("1:75:00", None),
        ("第0页", None),
        ("4-3", None),
        ("大约中间", None),
        ("9" * 50, None),
    ],
)
def test_a_place_in_a_thing_is_written_one_way(typed, kept_as):
    assert rules.place(typed) == kept_as


def test_a_file_says_what_it_is_and_the_handler_says_it_better(complaint, li):
    evidence = actions.add_evidence(complaint, by=li, upload=file())
    assert (evidence.kind, evidence.source, evidence.privacy) == ("photo", "staff", "ordinary")
    said = Description(
        kind="cctv",
        about="收银台 3 号机位",
        source="department",
        happened_at=at("2026-09-20 10:00"),
        place="03:12-04:05",
        privacy="personal",
    )
    actions.describe(evidence, by=li, described=said)
    evidence.refresh_from_db()
    assert (evidence.kind, evidence.about, evidence.place) == (
        "cctv",
        "收银台 3 号机位",
        "03:12–04:05",
    )
    record = evidence.custody.get()
    assert record.act == CustodyAct.DESCRIBED and record.facts["changed"]["kind"] == [
        "photo",
        "cctv",
    ]
    actions.describe(evidence, by=li, described=said)  # nothing changed: nothing on record
    assert evidence.custody.count() == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("kind", "gossip"),
        ("source", "nobody"),
        ("privacy", "secret"),
        ("place", "某处"),
        ("about", "长" * 301),
        ("happened_at", moment.now() + timedelta(days=2)),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(field, value, complaint, li):
    with pytest.raises(Invalid) as refused:
        kept(complaint, li, **{field: value})
    assert set(refused.value.fields) == {field}
    assert not complaint.evidence.exists()


def test_what_it_is_stays_as_it_came_even_in_the_database(complaint, li):
    evidence = kept(complaint, li)
    for changed in ({"sha256": "0" * 64}, {"path": "xx/other"}, {"name": "别的.png"}):
        with pytest.raises(DatabaseError, match="stays as it came"), transaction.atomic():
            Evidence.objects.filter(pk=evidence.pk).update(**changed)


def test_sensitive_evidence_opens_to_the_handler_those_above_and_the_officers_only(
    complaint, li, chen, manager, legal, zhou, signed_in, api
):
    evidence = kept(complaint, li, privacy="sensitive", about="伤情照片")
    url = f"/evidence/{evidence.uuid}/"
    du = person("du", "杜衡", Role.SUPERVISION)
    complaint.carry(waits_for=[Role.LEGAL])
    opens = {u.username: signed_in(u).get(url).status_code for u in (li, chen, manager, zhou, du)}
    assert opens == {"li": 200, "chen": 200, "gao": 200, "zhou": 403, "du": 403}
    assert signed_in(person("sun2", "别组", Role.AGENT)).get(url).status_code == 404
    story = signed_in(du).get(f"/complaints/{complaint.number}/story/").content.decode()
    assert "敏感证据" in story and "现场.png" not in story
    listed = api(du).get(f"/api/v1/complaints/{complaint.number}/evidence").json()[0]
    assert (listed["may_open"], listed["about"], listed["sha256"]) == (False, "", "")
    assert "现场" not in str(listed)
    assert complaint.events.get(what=What.EVIDENCE_ADDED).facts["name"] == ""
    assert api(li).get(f"/api/v1/complaints/{complaint.number}/evidence").json()[0]["may_open"]


def test_who_cannot_open_it_cannot_make_it_ordinary_either(complaint, li, manager):
    evidence = kept(complaint, li, privacy="sensitive")
    with pytest.raises(Invalid, match="降低敏感证据的密级"):
        actions.describe(evidence, by=li, described=Description(privacy="ordinary"))
    actions.describe(evidence, by=manager, described=Description(privacy="ordinary"))
    evidence.refresh_from_db()
    assert evidence.privacy == "ordinary"


def test_every_look_is_on_record_once_an_hour(complaint, li, chen, signed_in, clock):
    evidence = kept(complaint, li)
    page, other = signed_in(chen), signed_in(li)
    for client in (page, page, other):
        assert client.get(f"/evidence/{evidence.uuid}/").status_code == 200
    looks = list(evidence.custody.values_list("act", "by__username"))
    assert looks == [("opened", "li"), ("opened", "chen")]
    with moment.at(moment.now() + timedelta(hours=2)):
        actions.opened(evidence, by=chen)
    assert evidence.custody.count() == 3
    with pytest.raises(DatabaseError, match="only ever added"), transaction.atomic():
        evidence.custody.all().delete()


def test_what_is_held_cannot_be_deleted_until_it_is_released(complaint, li, manager, legal):
    evidence = kept(complaint, li)
    actions.hold(evidence, by=manager, reason="法院来函（2026）沪01民初12号")
    with pytest.raises(DatabaseError, match="is held"), transaction.atomic():
        Evidence.objects.filter(pk=evidence.pk)._raw_delete("default")
    with pytest.raises(Refused, match="已经保全"):
        actions.hold(evidence, by=legal, reason="再保全一次")
    actions.release(evidence, by=legal, reason="案件已结，解除保全")
    with pytest.raises(Refused, match="没有保全"):
        actions.release(evidence, by=legal, reason="再解除一次")
    acts = list(evidence.custody.order_by("pk").values_list("act", flat=True))
    assert acts == ["held", "released"]
    told = complaint.events.filter(what__in=[What.HELD, What.RELEASED]).order_by("pk")
    assert [(e.what, e.by) for e in told] == [("held", manager), ("released", legal)]


@pytest.mark.parametrize("who", ["li", "chen", "zhou"])
def test_only_manager_legal_and_privacy_hold(who, complaint, li, request):
    evidence = kept(complaint, li)
    for act in (actions.hold, actions.release):
        with pytest.raises(NotPermitted, match="经理、法务和隐私官"):
            act(evidence, by=request.getfixturevalue(who), reason="就想试试看")


def test_without_a_reason_nothing_is_held(complaint, li, manager):
    evidence = kept(complaint, li)
    with pytest.raises(Invalid, match="请写明保全理由"):
        actions.hold(evidence, by=manager, reason=" 嗯 ")
    evidence.refresh_from_db()
    assert not evidence.held


@pytest.mark.django_db(transaction=True)
def test_of_two_who_hold_at_once_one_is_told_so(make_complaint, li, manager):
    complaint = make_complaint(assignee=li, status="HND")
    evidence = kept(complaint, li)

    def hold():
        actions.hold(Evidence.objects.get(pk=evidence.pk), by=manager, reason="法院来函要求保全")

    results = at_once(hold, hold)
    assert sum(isinstance(r, Refused) for r in results) == 1
    assert evidence.custody.count() == 1


def test_the_customer_never_gets_what_staff_marked_as_sensitive(complaint, li):
    public = kept(complaint, li)
    kept(complaint, li, privacy="sensitive")
    actions.add_evidence(complaint, by=li, upload=file(), internal=True)
    own = kept(complaint, li, source="customer", privacy="sensitive")
    assert set(complaint.evidence.for_customer()) == {public, own}


def test_page_and_program_describe_hold_and_tell_who_opened_it(
    complaint, li, manager, signed_in, api
):
    said = {"kind": "recording", "about": "回访录音", "place": "3:12-4:05", "happened_at": "x"}
    page = f"/complaints/{complaint.number}/evidence/"
    answer = signed_in(li).post(page, {**said, "files": file()}, headers={"HX-Request": "true"})
    assert answer.status_code == 422 and not complaint.evidence.exists()
    said["happened_at"] = "2026-11-01T09:12"
    assert signed_in(li).post(page, {**said, "files": file()}).status_code == 204
    evidence = complaint.evidence.get()
    assert (evidence.kind, evidence.place) == ("recording", "03:12–04:05")
    assert evidence.happened_at == at("2026-11-01 09:12")
    better = {"kind": "chat", "about": "微信记录", "place": "", "privacy": "personal"}
    assert signed_in(li).post(f"/evidence/{evidence.uuid}/description/", better).status_code == 204
    program = f"/api/v1/evidence/{evidence.uuid}"
    json = "application/json"
    assert (
        api(li).put(f"{program}/description", {"kind": "email"}, content_type=json).json()["kind"]
        == "email"
    )
    for client, path in (
        (api(manager), program),
        (signed_in(manager), f"/evidence/{evidence.uuid}"),
    ):
        slash = "" if path == program else "/"
        body = {"reason": "法院来函要求保全"}
        kind = {"content_type": json} if path == program else {}
        assert client.post(f"{path}/hold{slash}", body, **kind).status_code in (201, 204)
        evidence.refresh_from_db()
        assert evidence.held
        assert client.post(f"{path}/release{slash}", body, **kind).status_code in (201, 204)
    assert api(li).get(f"{program}/custody").status_code == 403
    acts = [one["act"] for one in api(manager).get(f"{program}/custody").json()]
    assert acts == ["released", "held", "released", "held", "described", "described"]


def test_another_team_finds_none_of_it(complaint, li, sun, signed_in, api):
    evidence = kept(complaint, li)
    json = "application/json"
    body = {"reason": "看看能不能", "kind": "chat"}
    assert signed_in(sun).get(f"/evidence/{evidence.uuid}/").status_code == 404
    for act in ("description", "hold", "release"):
        assert signed_in(sun).post(f"/evidence/{evidence.uuid}/{act}/", body).status_code == 404
    program = f"/api/v1/evidence/{evidence.uuid}"
    assert api(sun).put(f"{program}/description", body, content_type=json).status_code == 404
    assert api(sun).post(f"{program}/hold", body, content_type=json).status_code == 404
    assert api(sun).get(f"{program}/custody").status_code == 404
