"""From what was found to what is done about it: the draft, the button, what closing says."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from huiyin.ground import moment
from huiyin.ground.people.models import Department
from huiyin.ground.refusal import Invalid
from huiyin.journey.complaint.words import What
from huiyin.journey.cooperation.models import Task
from huiyin.journey.improvement import actions
from huiyin.journey.improvement.models import Improvement, Kind
from huiyin.journey.improvement.reference import load_reference
from huiyin.journey.investigation.actions import find
from tests.roads import FOUND, close, feed_back, solved

pytestmark = pytest.mark.django_db
ROOT = "商品页的容量没有人核对"


@pytest.fixture
def found(complaint, li):
    finding = {**FOUND, "cause": "CAU.3", "whys": ["页面写错", ROOT]}
    find(complaint, by=li, recommendation="上架前核对容量", **finding)
    return complaint


def test_the_cause_gives_kind_and_department_the_whys_the_title(found, goods):
    draft = actions.drafted(found)
    assert draft.kind == Kind.objects.get(code="page") and draft.department == goods
    assert (draft.title, draft.text) == (ROOT, "上架前核对容量")


def test_without_whys_the_cause_and_the_category_are_its_title(complaint, li):
    find(complaint, by=li, **{**FOUND, "cause": "CAU.7"})
    draft = actions.drafted(complaint)
    assert draft.title.startswith("第三方或供应商 · ") and draft.kind_id
    assert FOUND["facts"] not in draft.title + draft.text, "facts may name the customer"


@pytest.mark.parametrize(("kind", "is_ours"), [("department", True), ("lab", False)])
def test_whoever_leads_the_work_owns_it_but_no_outside_party(kind, is_ours, found, goods, li):
    leading = Department.objects.create(code="lab", name="检测所", kind=kind)
    Task.objects.create(
        complaint=found,
        department=leading,
        part="lead",
        title="核对容量",
        question="实物几升？",
        amount=1,
        unit="days",
        by=li,
        at=moment.now(),
    )
    assert leading.is_outside != is_ours
    assert actions.drafted(found).department == (leading if is_ours else goods)


def test_a_retired_kind_is_not_drafted_and_nothing_found_is_an_empty_draft(found, make_complaint):
    Kind.objects.filter(code="page").update(enabled=False)
    assert actions.drafted(found).kind is None
    draft = actions.drafted(make_complaint())
    assert (draft.kind_id, draft.department_id, draft.title) == (None, None, "")


def test_causes_are_checked_and_edits_stay(db):
    kind = Kind.objects.get(code="it")
    kind.causes = ["CAU.4", "CAU.99"]
    with pytest.raises(ValidationError, match=r"CAU\.99"):
        kind.clean()
    Kind.objects.filter(code="it").update(causes=[])
    load_reference()
    assert Kind.objects.get(code="it").causes == []


def test_the_button_stands_where_it_was_found_and_leads_to_a_filled_form(
    found, goods, chen, li, signed_in
):
    place = f"/complaints/{found.number}/panels/investigation/"
    way = f"/complaints/{found.number}/improvements/new/"
    assert way in signed_in(chen).get(place).content.decode()
    assert way not in signed_in(li).get(place).content.decode(), "agents open none"
    html = signed_in(chen).get(way).content.decode()
    assert f'value="{ROOT}"' in html
    page = Kind.objects.get(code="page")
    assert f'<option value="{page.code}" selected>' in html
    assert f'<option value="{goods.pk}" selected>' in html


def test_before_anything_was_found_there_is_no_button(complaint, chen, signed_in):
    place = f"/complaints/{complaint.number}/panels/investigation/"
    assert "improvements/new" not in signed_in(chen).get(place).content.decode()


def test_a_program_reads_the_draft(found, goods, chen, li, sun, api):
    place = f"/api/v1/complaints/{found.number}/improvements/draft"
    assert api(chen).get(place).json() == {
        "kind": "page",
        "department": "goods",
        "title": ROOT,
        "text": "上架前核对容量",
    }
    assert api(li).get(place).status_code == 403
    assert api(sun).get(place).status_code == 404


# --- what must not happen again ------------------------------------------------------------------


@pytest.fixture
def ready(make_complaint, after_sales, li):
    one = solved(make_complaint, after_sales, li, category="PD.02.01", order_no="SO-1")
    feed_back(one, li)
    return one


def test_what_must_not_happen_again_becomes_the_proposal(ready, li):
    closing = close(ready, li, prevent="商品页的容量\n和实物不符")
    assert closing.improvement and closing.prevent == "商品页的容量 和实物不符"
    actions.fire_rules(ready.events.get(what=What.CLOSED))
    actions.fire_rules(ready.events.get(what=What.CLOSED))
    it = Improvement.objects.get()
    assert it.title == "商品页的容量 和实物不符" and it.stage == "proposed"


def test_who_says_nothing_asks_for_nothing(ready, li):
    assert not close(ready, li).improvement
    actions.fire_rules(ready.events.get(what=What.CLOSED))
    assert not Improvement.objects.exists()


def test_too_much_is_refused_and_nothing_is_closed(ready, li):
    with pytest.raises(Invalid, match="100"):
        close(ready, li, prevent="长" * 101)
    assert not ready.closings.exists()


def test_the_closing_form_asks_and_the_panel_tells(ready, li, signed_in):
    client, place = signed_in(li), f"/complaints/{ready.number}"
    assert "什么不能再发生" in client.get(f"{place}/panels/closure/").content.decode()
    body = {
        "outcome": "upheld",
        "cause": "CAU.1",
        "liability": "RSP.1",
        "remedy": "RMD.04",
        "satisfaction": "satisfied",
        "prevent": "加热盘批次没有抽检",
    }
    client.post(f"{place}/closure/", body, headers={"HX-Request": "true"})
    assert ready.closings.get().prevent == "加热盘批次没有抽检"
    assert "加热盘批次没有抽检" in client.get(f"{place}/panels/closure/").content.decode()
