"""Running text for those who need not know who the customer is."""

import pytest

from huiyin.ground.privacy.rules import masked_text

OWN = {
    "names": ["王芳"],
    "points": ["+8613800138000", "wf@example.com", "wang_fang88"],
    "keep": ["20261125001234567", "6222020200112233445"],
}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("我是王芳，电话138 0013 8000", "我是王*，电话138****8000"),
        ("+86-138-0013-8000、０13800138000", "+86-138****8000、0138****8000"),
        ("打１３８００１３８０００", "打138****8000"),
        ("别人的手机 13912345678 也遮", "别人的手机 139****5678 也遮"),
        ("WF@Example.com 或 a.b@corp.example.cn", "w***@example.com 或 a***@corp.example.cn"),
        ("微信 wang_fang88", "微信 w***"),
        ("身份证 11010119900307775X", "身份证 110****775X"),
        ("卡号6222 0202 0011 2233 446", "卡号622****3446"),
        ("座机 0571-8888 6666，(021)62345678", "座机 0571****6666，021****5678"),
    ],
)
def test_what_tells_who_somebody_is_is_masked_however_it_is_written(text, shown):
    assert masked_text(text, **OWN) == shown


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-25 10:00 买的，花了 1,280.50 元",
        "订单 20261125001234567 和 6222020200112233445",
        "型号 CFXB40-138001380，条码 6901234567892",
        "热线 400-800-1234 和 12315",
        "王芳芳草地".replace("王芳", "望"),
        "",
    ],
)
def test_dates_sums_models_and_order_numbers_stay(text):
    assert masked_text(text, **OWN) == text


def test_a_name_of_one_character_masks_no_text():
    assert masked_text("王先生的王牌", names=["王"]) == "王先生的王牌"
    assert masked_text("Ann Lee called, ANN LEE", names=["Ann Lee"]) == "A** L** called, A** L**"


def test_a_name_with_signs_of_a_pattern_is_a_name():
    assert masked_text("a.(b 说", names=["a.(b"]) == "a*** 说"
    assert masked_text("\\1 王芳 \\g<0>", names=["王芳"]) == "\\1 王* \\g<0>"
