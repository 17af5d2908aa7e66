"""One spelling of each contact point, how people dial it, and what of it is shown. A table."""

import pytest

from huiyin.ground.customers.rules import normalise_email, normalise_phone, shown_phone
from huiyin.ground.privacy.rules import masked_email, masked_name, masked_phone

PHONES = [
    # typed, compared, dialled, masked
    ("138 0013 8000", "+8613800138000", "138 0013 8000", "138****8000"),
    ("１３８００１３８０００", "+8613800138000", "138 0013 8000", "138****8000"),
    ("+86-138-0013-8000", "+8613800138000", "138 0013 8000", "138****8000"),
    ("0086 138 0013 8000", "+8613800138000", "138 0013 8000", "138****8000"),
    ("＋８６（138）0013－8000", "+8613800138000", "138 0013 8000", "138****8000"),
    ("138-0013-8000 转 3", "+8613800138000", "138 0013 8000", "138****8000"),
    ("010-6552 1234", "+861065521234", "010 6552 1234", "10****34"),
    ("(021) 6552-1234", "+862165521234", "021 6552 1234", "21****34"),
    ("010-65521234转8", "+861065521234x8", "010 6552 1234 转 8", "10****34"),
    ("95588", "+8695588", "95588", "*****"),
    ("110", "110", "110", "***"),
    ("+44 20 7946 0958", "+442079460958", "+442079460958", "4420****0958"),
]


@pytest.mark.parametrize(("typed", "compared", "dialled", "masked"), PHONES)
def test_a_number_has_one_spelling(typed, compared, dialled, masked):
    assert normalise_phone(typed) == compared
    assert shown_phone(compared) == dialled
    assert normalise_phone(dialled) == compared  # what is read out finds the person again
    assert masked_phone(compared) == masked


@pytest.mark.parametrize("typed", ["", " ", "12", "没有电话", "12a", "+", "1" * 60])
def test_what_is_no_number_is_none(typed):
    assert normalise_phone(typed) == ""


@pytest.mark.parametrize(
    ("typed", "compared"),
    [
        ("WF@Example.COM", "wf@example.com"),
        ("ｗｆ＠ｅｘａｍｐｌｅ．ｃｏｍ", "wf@example.com"),
        (" wf+x@mail.example.cn ", "wf+x@mail.example.cn"),
        ("a@b", ""),
        ("a b@example.com", ""),
        ("a@example.com\r\nBcc: b@example.com", ""),
        ("<a@example.com>", ""),
        ("a@example.com,b@example.com", ""),
        ("", ""),
    ],
)
def test_an_address_has_one_spelling(typed, compared):
    assert normalise_email(typed) == compared


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("赵敏", "赵*"),
        ("欧阳小明", "欧***"),
        ("王" * 40, "王***"),
        ("Ann Lee", "A** L**"),
        ("", ""),
    ],
)
def test_a_name_keeps_its_first_character(name, masked):
    assert masked_name(name) == masked


def test_an_address_keeps_its_first_letter_and_its_host():
    assert masked_email("name@example.com") == "n***@example.com"
