"""Findings in depth: shares, whys, proofs, what changed; the index of evidence."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from huiyin.ground.people.words import Role
from huiyin.ground.refusal import Invalid, NotPermitted
from huiyin.journey.complaint.words import What
from huiyin.journey.conversation.actions import Description, add_evidence
from huiyin.journey.investigation import rules
from huiyin.journey.investigation.actions import Support, find
from huiyin.journey.investigation.models import Proof, Share
from huiyin.journey.investigation.words import Cause, CauseGroup, Liability, Party
from tests.conftest import person
from tests.conversation.test_writing import PNG
from tests.roads import FOUND, assigned, fresh

pytestmark = pytest.mark.django_db

DEEP: dict[str, Any] = {
    "facts": "加热盘接触不良。物流运输中外箱受压。",
    "cause": "CAU.1",
    "shares": [("RSP.1", 70), ("RSP.2", 30)],
    "whys": ["加热盘不热", "焊点虚焊", "来料没有抽检"],
    "recommendation": "同批次停售，补抽检",
}


@pytest.fixture
def complaint(make_complaint, after_sales, li):
    return assigned(make_complaint, after_sales, li)


@pytest.fixture
def recording(complaint, li):
    photo = SimpleUploadedFile("开箱.png", PNG, "image/png")
    return add_evidence(complaint, by=li, upload=photo, described=Description(kind="recording"))


def test_every_cause_stands_in_one_of_the_four_groups():
    assert set(rules.GROUPS) == set(CauseGroup)
    grouped = [cause for causes in rules.GROUPS.values() for cause in causes]
    assert sorted(grouped) == sorted(Cause) and len(grouped) == len(set(grouped))


def test_every_party_is_one_of_the_facet():
    assert {rules.facet_of(party) for party in Party.values} == set(Liability.values)


@pytest.mark.parametrize(
    ("shares", "fault"),
    [
        ([("RSP.1", 100)], ""),
        ([("RSP.1", 70), ("RSP.5.1", 30)], ""),
        ([("RSP.1", 34), ("RSP.2", 33), ("RSP.3", 33)], ""),
        ([("RSP.1", 70), ("RSP.2", 29)], "sum"),
        ([("RSP.1", 70), ("RSP.2", 31)], "sum"),
        ([("RSP.1", 100), ("RSP.2", 0)], "range"),
        ([("RSP.1", 150), ("RSP.2", -50)], "range"),
        ([("RSP.1", 50), ("RSP.1", 50)], "twice"),
        ([("RSP.5", 100)], "unknown"),
        ([("隔壁老王", 100)], "unknown"),
    ],
)
def test_shares_add_up_to_a_hundred(shares, fault):
    assert rules.shares_fault(shares) == fault


@pytest.mark.parametrize(
    ("shares", "facet"),
    [
        ([("RSP.1", 70), ("RSP.2", 30)], "RSP.1"),
        ([("RSP.1", 40), ("RSP.5.1", 35), ("RSP.5.2", 25)], "RSP.5"),  # 60 of one facet
        ([("RSP.3", 50), ("RSP.1", 50)], "RSP.3"),
        ([], ""),
    ],
)
def test_the_facet_that_carries_most_is_the_liability(shares, facet):
    assert rules.main_facet(shares) == facet


def test_a_later_finding_marks_what_it_says_otherwise_sentence_by_sentence():
    before = {"事实": "甲。乙。丙。", "成因": "产品"}
    after = {"事实": "甲。丁。丙。", "成因": "产品"}
    (change,) = rules.changes(before, after)
    assert change.name == "事实"
    assert [(part.kind, part.text) for part in change.parts] == [
        ("kept", "甲。"),
        ("gone", "乙。"),
        ("new", "丁。"),
        ("kept", "丙。"),
    ]
    assert rules.changes(before, before) == []
    (longer,) = rules.changes({"为什么": "甲\n乙"}, {"为什么": "甲\n乙\n丙"})
    assert [(part.kind, part.text) for part in longer.parts] == [
        ("kept", "甲\n乙\n"),
        ("new", "丙"),
    ]


def test_a_finding_has_shares_whys_recommendation_and_proofs(complaint, li, recording):
    proof = Support(str(recording.uuid), "开箱时已经开裂", "3:12-4:05")
    finding = find(complaint, by=li, **DEEP, proofs=[proof])
    assert (finding.liability, finding.root, finding.group) == (
        "RSP.1",
        "来料没有抽检",
        CauseGroup.PRODUCT,
    )
    assert [str(share) for share in finding.shares.all()] == ["商家（本企业） 70%", "物流 30%"]
    assert (finding.proofs.get().evidence, finding.proofs.get().place) == (recording, "03:12–04:05")
    facts = complaint.events.get(what=What.FOUND).facts
    assert facts["liability"] == "商家（本企业） 70% · 物流 30%"


@pytest.mark.parametrize(
    ("field", "changed", "sentence"),
    [
        ("shares", {"shares": [("RSP.1", 70)]}, "合计应为 100%，现在是 70%"),
        ("shares", {"shares": [("RSP.9", 100)]}, "不在列表里"),
        ("liability", {"liability": "RSP.2"}, "比例最大的一方"),
        ("whys", {"whys": ["一", "二", "三", "四", "五", "六"]}, "最多追问 5 步"),
        ("whys", {"whys": ["为" * 501]}, "最多写 500 字"),
        ("recommendation", {"recommendation": "改" * 2001}, "最多写 2000 字"),
        ("proofs", {"proofs": [Support("0" * 32, "开裂")]}, "不属于这件投诉"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(field, changed, sentence, complaint, li):
    with pytest.raises(Invalid, match=sentence) as refused:
        find(complaint, by=li, **{**DEEP, **changed})
    assert set(refused.value.fields) == {field}
    assert not complaint.findings.exists()


def test_a_proof_says_what_and_where(complaint, li, recording):
    for fact, place, sentence in (("", "3:12", "证明了什么"), ("开裂", "中间", "位置请写成")):
        with pytest.raises(Invalid, match=sentence):
            find(complaint, by=li, **DEEP, proofs=[Support(str(recording.uuid), fact, place)])


def test_evidence_of_another_complaint_and_what_one_may_not_open_prove_nothing(
    make_complaint, after_sales, complaint, li, chen
):
    other = assigned(make_complaint, after_sales, li)
    photo = SimpleUploadedFile("别件.png", PNG, "image/png")
    foreign = add_evidence(other, by=li, upload=photo)
    with pytest.raises(Invalid, match="不属于这件投诉"):
        find(complaint, by=li, **DEEP, proofs=[Support(str(foreign.uuid), "开裂")])
    secret = add_evidence(
        complaint,
        by=chen,
        upload=SimpleUploadedFile("伤情.png", PNG, "image/png"),
        described=Description(privacy="sensitive"),
    )
    wu = person("wu", "吴越", Role.AGENT, teams=[after_sales])
    complaint.carry(assignee=wu)
    deputy = fresh(complaint)
    find(deputy, by=wu, **DEEP, proofs=[Support(str(secret.uuid), "受伤")])
    with pytest.raises(NotPermitted):
        find(deputy, by=li, **DEEP)


def test_shares_and_proofs_stay_even_in_the_database(complaint, li, recording):
    find(complaint, by=li, **DEEP, proofs=[Support(str(recording.uuid), "开裂")])
    for rows in (Share.objects.all(), Proof.objects.all()):
        with pytest.raises(DatabaseError, match="only ever added"), transaction.atomic():
            rows._raw_delete("default")
        with pytest.raises(DatabaseError, match="only ever added"), transaction.atomic():
            rows.update(finding=None)


def test_the_page_takes_a_whole_finding_and_shows_what_changed(complaint, li, recording, signed_in):
    page = signed_in(li)
    url = f"/complaints/{complaint.number}/findings/"
    typed = {
        "facts": DEEP["facts"],
        "cause": "CAU.1",
        "share.RSP.1": "70",
        "share.RSP.2": "30",
        "share.RSP.3": "0",
        "whys": ["加热盘不热", "", "来料没有抽检", "", ""],
        "recommendation": "补抽检",
        "proof": [str(recording.uuid)],
        "proof_fact": ["开箱时已经开裂"],
        "proof_place": ["3:12"],
    }
    assert page.post(url, typed).status_code == 204
    finding = complaint.findings.get()
    assert finding.whys == ["加热盘不热", "来料没有抽检"] and finding.proofs.count() == 1
    panel = f"/complaints/{complaint.number}/panels/investigation/"
    shown = page.get(panel).content.decode()
    assert 'width="70"' in shown and 'x="70"' in shown  # the drawn bar
    assert "根本原因" in shown and "03:12" in shown
    again = {
        **typed,
        "facts": "加热盘接触不良。客户摔落。",
        "share.RSP.1": "100",
        "share.RSP.2": "",
    }
    assert page.post(url, again).status_code == 204
    shown = page.get(panel).content.decode()
    assert "修改过 1 次" in shown and "<del>" in shown and "客户摔落" in shown


@pytest.mark.parametrize("percent", ["七十", "-1", "70.5", "1e2", "٣", "9999"])
def test_a_share_that_is_no_number_is_said(percent, complaint, li, signed_in):
    typed = {"facts": DEEP["facts"], "cause": "CAU.1", "share.RSP.1": percent}
    answer = signed_in(li).post(
        f"/complaints/{complaint.number}/findings/", typed, headers={"HX-Request": "true"}
    )
    assert answer.status_code == 422 and "shares" in answer["HX-Trigger"]


def test_a_program_finds_in_depth_and_as_before(complaint, li, recording, api):
    url = f"/api/v1/complaints/{complaint.number}/findings"
    body = {
        **DEEP,
        "shares": [{"party": "RSP.5.1", "percent": 60}, {"party": "RSP.1", "percent": 40}],
        "proofs": [{"evidence": str(recording.uuid), "fact": "开裂", "place": "3:12-4:05"}],
    }
    answer = api(li).post(url, body, content_type="application/json")
    assert answer.status_code == 201, answer.content
    told = answer.json()
    assert (told["liability"], told["cause_group"]) == ("RSP.5", "product")
    assert told["proofs"][0]["place"] == "03:12–04:05"
    assert api(li).post(url, FOUND, content_type="application/json").json()["shares"] == []
    listed = api(li).get(url).json()
    assert [one["liability"] for one in listed] == ["RSP.1", "RSP.5"]


def test_the_index_lists_searches_and_keeps_the_sensitive_closed(
    complaint, li, zhou, manager, recording, signed_in
):
    find(complaint, by=li, **DEEP, proofs=[Support(str(recording.uuid), "开箱时已经开裂", "3:12")])
    add_evidence(
        complaint,
        by=li,
        upload=SimpleUploadedFile("伤情照片.png", PNG, "image/png"),
        described=Description(privacy="sensitive", about="右手烫伤"),
    )
    url = f"/complaints/{complaint.number}/evidence-index/"
    handler = signed_in(li).get(url).content.decode()
    assert "开箱时已经开裂" in handler and recording.sha256 in handler and "右手烫伤" in handler
    other = signed_in(zhou)
    shown = other.get(url).content.decode()
    assert "敏感证据，您不能打开" in shown and "右手" not in shown and "伤情照片" not in shown
    assert (
        "敏感证据，您不能打开" not in other.get(f"{url}?q=伤情").content.decode()
    )  # not even that it matches
    assert "开箱.png" not in signed_in(li).get(f"{url}?q=伤情").content.decode()
    assert "没有符合条件的证据" in signed_in(li).get(f"{url}?kind=contract").content.decode()
    assert other.get(f"/evidence/{recording.uuid}/custody/").status_code == 403
    signed_in(li).get(f"/evidence/{recording.uuid}/")
    record = signed_in(manager).get(f"/evidence/{recording.uuid}/custody/").content.decode()
    assert "打开" in record and "李明" in record


def test_the_index_asks_no_more_for_many_pieces(complaint, li, signed_in):
    page, url = signed_in(li), f"/complaints/{complaint.number}/evidence-index/"

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert page.get(url).status_code == 200
        return len(queries)

    for number in range(12):
        add_evidence(complaint, by=li, upload=SimpleUploadedFile(f"{number}.png", PNG, "image/png"))
        if number == 0:
            page.get(url)
            few = asked()
    assert asked() <= few <= 16


def test_another_team_sees_no_index(complaint, sun, recording, signed_in):
    page = signed_in(sun)
    assert page.get(f"/complaints/{complaint.number}/evidence-index/").status_code == 404
    assert page.get(f"/evidence/{recording.uuid}/custody/").status_code == 404


def test_closing_begins_with_what_was_found(make_complaint, after_sales, li, signed_in):
    from tests.roads import to_visit

    complaint = to_visit(make_complaint, after_sales, li)
    find(fresh(complaint), by=li, **{**DEEP, "shares": [("RSP.2", 100)], "cause": "CAU.7"})
    panel = f"/complaints/{complaint.number}/panels/closure/"
    shown = signed_in(li).get(panel).content.decode()
    assert '<option value="CAU.7" selected>' in shown and '<option value="RSP.2" selected>' in shown
