"""Words of any length find; titles first; only what may be read and is in force."""

from __future__ import annotations

import pytest

from huiyin.ground.knowledge.actions import find, suggested
from huiyin.ground.knowledge.shown import html
from huiyin.ground.knowledge.words import Audience, Kind
from huiyin.ground.people.words import Role
from tests.conftest import person
from tests.knowledge.conftest import in_force

pytestmark = pytest.mark.django_db


def codes(found) -> list[str]:
    return [one.code for one in found]


@pytest.fixture
def shelf(db):
    """Three texts of our own words, so that the starter set does not answer for them."""
    return [
        in_force("T-1", "鲸鱼玩具退换", "蓝鲸玩具七天内可以退换。", categories=["AS.01"]),
        in_force("T-2", "玩具清洗说明", "鲸鱼玩具请用清水洗。", kind=Kind.ARTICLE),
        in_force("T-3", "说“鲸”的话术", "您好，关于鲸……", kind=Kind.SCRIPT, steps=["listen"]),
    ]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("鲸", {"T-1", "T-2", "T-3"}),  # one character
        ("鲸鱼", {"T-1", "T-2"}),
        ("鲸鱼玩具退换", {"T-1"}),
        ("蓝鲸玩具七天内可以退换", {"T-1"}),  # a whole sentence
        ("鲸 清水", {"T-2"}),  # both words, wherever they stand
        ("t-2", {"T-2"}),
        ("鲸鱼鲸鱼", set()),
        ("，。！", set()),
    ],
)
def test_words_of_any_length_find(shelf, li, query, expected):
    assert set(codes(find(li, query))) == expected


def test_titles_come_before_texts_and_hits_are_lit(shelf, li):
    found = find(li, "鲸鱼")
    assert codes(found) == ["T-1", "T-2"]
    assert ("鲸鱼", True) in found[0].lit_title
    assert ("鲸鱼", True) in found[1].lit_excerpt


def test_kind_category_remedy_and_step_narrow(shelf, li):
    assert codes(find(li, "鲸", kinds=[Kind.SCRIPT])) == ["T-3"]
    assert codes(find(li, "鲸", step="listen")) == ["T-3"]
    assert set(codes(find(li, "鲸", category="PD.01"))) == {"T-2", "T-3"}  # T-1 is for AS.01 only
    assert "T-1" in codes(find(li, "鲸", category="AS.01.05"))
    assert codes(find(li, "鲸", remedy="RMD.01")) == []


def test_hostile_words_do_no_harm(shelf, li):
    for query in ("'", "a'); DROP TABLE x;--", "\0鲸", "鲸" * 5000, "<b>", "&|!:*"):
        find(li, query)
    assert codes(find(li, "\0鲸鱼玩具退换")) == ["T-1"]


def test_what_is_restricted_is_found_by_its_roles_alone(li, fa):
    in_force("T-9", "鲸案和解底线", audience=Audience.RESTRICTED, roles=[Role.LEGAL])
    assert codes(find(fa, "鲸案")) == ["T-9"]
    assert codes(find(li, "鲸案")) == []
    assert codes(find(person("kay", "凯", Role.KNOWLEDGE), "鲸案")) == []
    assert codes(find(None, "鲸案")) == []


def test_customers_find_what_is_for_them(li):
    in_force("T-4", "鲸鱼保修期", audience=Audience.CUSTOMER)
    in_force("T-5", "鲸鱼内部口径")
    assert codes(find(None, "鲸鱼")) == ["T-4"]
    assert set(codes(find(li, "鲸鱼"))) == {"T-4", "T-5"}


def test_keywords_and_category_suggest_and_say_why(li):
    in_force("T-6", "漏水上门", keywords=["漏水"], categories=["AS.04"])
    in_force("T-7", "安装加价", categories=["AS.04.02"])
    in_force("T-8", "与此无关", keywords=["鲸"])
    found = suggested(li, category="AS.04.02", text="洗衣机安装后一直漏水", limit=50)
    assert {"T-6", "T-7"} <= set(codes(found))
    assert "T-8" not in codes(found)
    assert next(one for one in found if one.code == "T-6").because == ("漏水",)


def test_a_law_is_quoted_with_article_and_edition(li):
    one = in_force(
        "T-10",
        "鲸鱼条",
        kind=Kind.LAW,
        source="《消费者权益保护法》",
        clause="第二十四条",
        edition="2013 修正",
    )
    assert find(li, "鲸鱼条")[0].basis == "《消费者权益保护法》第二十四条（2013 修正）"
    assert one.basis == "《消费者权益保护法》第二十四条（2013 修正）"


def test_gaps_of_a_script_stay_gaps(li):
    in_force("T-11", "鲸鱼话术", "____元，____天内；**请**核对____。", kind=Kind.SCRIPT)
    assert find(li, "鲸鱼话术")[0].body == "____元，____天内；请核对____。"
    assert html("____元，____天内").count("_") == 8
