"""What is shown while typing: masked, and only of what one may see."""

import pytest

from huiyin.journey.intake import known
from huiyin.journey.intake.actions import Contact


def test_the_owner_of_a_number_is_known_masked_with_his_history(registered, li):
    first = registered()
    found = known.acquaintance(li, phone="+86 13800138000")
    assert found
    assert (found.name, found.count, found.hidden) == ("王*", 1, 0)
    assert found.complaints == [first]
    assert found.open_ones == [first]


def test_a_colleague_of_another_team_learns_a_count_and_no_title(registered, sun):
    registered()
    found = known.acquaintance(sun, phone="13800138000")
    assert found
    assert (found.name, found.count, found.complaints) == ("王*", 1, [])
    assert found.hidden == 1


def test_a_restricted_complaint_is_not_even_counted(registered, sun):
    registered().carry(restricted=True)
    found = known.acquaintance(sun, phone="13800138000")
    assert found
    assert found.count == 0


@pytest.mark.parametrize("phone", ["", "not a number", "13911112222"])
def test_an_unknown_number_is_nobody(registered, li, phone):
    registered()
    assert known.acquaintance(li, phone=phone) is None


def test_the_same_story_of_another_person_is_found_and_ranked_after_the_same_order(registered, li):
    story = registered(text="电饭煲外壳漏电，孩子的手被电到了")
    order = registered(text="水壶盖子关不紧", order_no="E77", contact=Contact(phone="13911110000"))
    registered(text="快递放在驿站没通知我", contact=Contact(phone="13911113333"))

    found = known.similar_open(li, text="买的电饭煲漏电把孩子电到了", order_no="E77")

    assert [s.complaint for s in found] == [order, story]
    assert found[0].same_order and found[1].likeness > known.ALIKE_ENOUGH


def test_nothing_similar_is_shown_of_what_one_may_not_see(registered, sun):
    registered(text="电饭煲外壳漏电，孩子的手被电到了", order_no="E77")
    assert (
        known.similar_open(
            sun, text="电饭煲外壳漏电，孩子的手被电到了", order_no="E77", phone="13800138000"
        )
        == []
    )


@pytest.mark.parametrize(
    "text", ["", "'", "\\", "a'b | !c & (", "电", "ＡＢ'；DROP TABLE", "a\x00b", "\ud800"]
)
def test_any_typing_is_a_safe_search(registered, li, text):
    registered()
    known.similar_open(li, text=text, order_no=text)
