"""Canned replies of one's own: kept, found, changed, dropped, seen by nobody else."""

from __future__ import annotations

import pytest

from huiyin.ground.refusal import Invalid, NotPermitted, Refused
from huiyin.surface.notices import phrasing
from huiyin.surface.notices.models import OwnPhrase, Phrase
from huiyin.surface.notices.phrasing import keep_own, own_phrases
from tests.chat.conftest import HTMX, shop, talk, visit
from tests.together import at_once

pytestmark = pytest.mark.django_db
__all__ = ["shop", "talk", "visit"]
WARRANTY = "整机保修一年，发热盘保修三年，凭订单号就可以。"


@pytest.fixture
def own(li):
    return keep_own(by=li, title="保修期", text=WARRANTY, shortcut="/BX")


def test_it_is_kept_and_found_by_every_word_and_by_its_shortcut_first(li, own):
    other = keep_own(by=li, title="问 bx 的人", text="请稍等", shortcut="")
    assert own.shortcut == "bx"
    assert own_phrases(li, "bx") == [own, other]
    assert own_phrases(li, "发热盘 保修") == [own]
    assert own_phrases(li, "没有的") == []
    assert keep_own(
        by=li, title=" ", text="  您好，\n很抱歉让您久等了，我马上为您核实。"
    ).title.startswith("您好")


def test_nobody_else_sees_changes_or_drops_it(li, chen, manager, own, signed_in, api):
    for user in (chen, manager):
        assert own_phrases(user) == []
        client = signed_in(user)
        assert WARRANTY not in client.get("/phrases/mine/").content.decode()
        typed = {"title": "x", "text": "y"}
        assert client.post(f"/phrases/mine/{own.pk}/", typed, headers=HTMX).status_code == 404
        assert client.post(f"/phrases/mine/{own.pk}/removal/", headers=HTMX).status_code == 404
        assert api(user).get("/api/v1/phrases/mine").json() == []
        assert api(user).delete(f"/api/v1/phrases/mine/{own.pk}").status_code == 404
    phrasing.drop_own(own, by=chen)
    assert OwnPhrase.objects.get() == own


def test_who_writes_to_nobody_keeps_none(admin, signed_in, api):
    with pytest.raises(NotPermitted):
        keep_own(by=admin, title="", text="x")
    assert signed_in(admin).get("/phrases/mine/").status_code == 403
    assert (
        api(admin)
        .post("/api/v1/phrases/mine", {"text": "x"}, content_type="application/json")
        .status_code
        == 403
    )


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"text": "  "}, "text"),
        ({"text": "长" * 2001}, "text"),
        ({"text": "x", "title": "长" * 61}, "title"),
        ({"text": "x", "shortcut": "两 个"}, "shortcut"),
        ({"text": "x", "shortcut": "长" * 21}, "shortcut"),
        ({"text": "x", "shortcut": "BX"}, "shortcut"),
    ],
)
def test_what_cannot_be_kept_is_refused_by_field(li, own, typed, field):
    with pytest.raises(Invalid) as refused:
        keep_own(by=li, **{"title": "", **typed})
    assert set(refused.value.fields) == {field}
    assert OwnPhrase.objects.count() == 1


def test_so_many_and_no_more(li, monkeypatch):
    monkeypatch.setattr(phrasing, "MOST", 2)
    for n in range(2):
        kept = keep_own(by=li, title="", text=str(n))
    with pytest.raises(Refused, match="最多 2 条"):
        keep_own(by=li, title="", text="三")
    assert keep_own(by=li, title="改", text="改得了", phrase=kept).text == "改得了"


@pytest.mark.django_db(transaction=True)
def test_two_at_once_with_one_shortcut_one_is_refused(li):
    made = at_once(
        lambda: keep_own(by=li, title="甲", text="甲", shortcut="a"),
        lambda: keep_own(by=li, title="乙", text="乙", shortcut="a"),
    )
    assert sum(isinstance(one, OwnPhrase) for one in made) == 1
    assert OwnPhrase.objects.count() == 1


def test_two_people_may_use_one_shortcut(li, chen, own):
    assert keep_own(by=chen, title="", text="别的", shortcut="bx").shortcut == "bx"


def test_the_page_keeps_searches_changes_and_drops(li, signed_in):
    client = signed_in(li)
    typed = {"title": "保修期", "text": WARRANTY, "shortcut": "bx"}
    saved = client.post("/phrases/mine/", typed, headers=HTMX)
    assert "own-phrases" in saved["HX-Trigger"]
    assert "<dialog" not in saved.content.decode()
    one = OwnPhrase.objects.get()
    assert "保修期" in client.get("/phrases/mine/?q=发热盘").content.decode()
    assert "没有找到" in client.get("/phrases/mine/?q=zzz").content.decode()
    hostile = {"title": "<b>改</b>", "text": "<script>alert(1)</script>", "shortcut": ""}
    page = client.post(f"/phrases/mine/{one.pk}/", hostile, headers=HTMX).content.decode()
    assert "<script>" not in page
    assert client.post("/phrases/mine/", {"text": ""}, headers=HTMX).status_code == 422
    client.post(f"/phrases/mine/{one.pk}/removal/", headers=HTMX)
    assert not OwnPhrase.objects.exists()
    assert "还没有自己的常用语" in client.get("/phrases/mine/").content.decode()


def test_at_the_desk_and_in_a_complaint_they_stand_before_the_houses(
    talk, li, luo_of, own, signed_in, make_complaint, after_sales
):
    Phrase.objects.create(title="保修说明", text_zh="凭购买凭证保修")
    page = signed_in(li).get(f"/chats/{talk.pk}/phrases/?q=保修").content.decode()
    assert page.index("保修期") < page.index("保修说明")
    assert "我的" in page
    complaint = make_complaint(team=after_sales, assignee=li)
    page = signed_in(li).get(f"/complaints/{complaint.number}/phrases/").content.decode()
    assert WARRANTY in page
    page = signed_in(luo_of).get(f"/complaints/{complaint.number}/phrases/").content.decode()
    assert WARRANTY not in page


@pytest.fixture
def luo_of(after_sales):
    from huiyin.ground.people.words import Role
    from tests.conftest import person

    return person("luo", "罗翔", Role.SUPERVISOR, teams=[after_sales])


def test_programs_do_the_same(li, api):
    client, how = api(li), {"content_type": "application/json"}
    made = client.post("/api/v1/phrases/mine", {"text": WARRANTY, "shortcut": "bx"}, **how)
    assert made.status_code == 201
    path = f"/api/v1/phrases/mine/{made.json()['id']}"
    assert client.put(path, {"title": "新", "text": "改"}, **how).json()["title"] == "新"
    assert [one["text"] for one in client.get("/api/v1/phrases/mine?q=改").json()] == ["改"]
    assert client.post("/api/v1/phrases/mine", {"text": ""}, **how).status_code == 422
    assert client.delete(path).status_code == 204
    assert client.get("/api/v1/phrases/mine").json() == []
