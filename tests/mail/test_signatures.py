"""Signatures as the programs of customers write them: folded, shown on demand, never with anything
that he says; and what they tell of him stands beside the complaint."""

from __future__ import annotations

import time
from email.message import EmailMessage

import pytest

from huiyin.ground.customers.models import Customer
from huiyin.journey.channels.mail.actions.showing import folded_of
from huiyin.journey.channels.mail.models import Sign, signs
from huiyin.journey.channels.mail.reading.hypertext import words_of
from huiyin.journey.channels.mail.rules.folding import fold
from huiyin.journey.channels.mail.rules.signing import signed_by
from huiyin.journey.channels.mail.words import Outcome
from tests.mail.letters import mail

pytestmark = pytest.mark.django_db

NEW = "还是没有收到退款，请尽快处理。"
SAYS = "The invoice is wrong. I want it corrected."
OLD = "您好，退款已经安排。"
OWN = ("王小明", "wang@163.com")
SMITH = ("John Smith", "john@shop.example")

PLAIN = {
    "163 master": f"{NEW}\n\n\n| |\n王小明\n|\n|\nwang@163.com\n|\n签名由网易邮箱大师定制",
    "163 master, spaced": f"{NEW}\n\n| |\n王小明\n|\n|\n邮箱：wang@163.com\n|\n\n"
    "签名由 网易邮箱大师 定制",
    "163 master, answer": f"{NEW}\n\n| |\n王小明\n|\n|\nwang@163.com\n|\n签名由网易邮箱大师定制\n\n"
    f"在 2026年11月20日 10:00，客服<service@example.com> 写道：\n{OLD}",
    "163 master, no last line": f"{NEW}\n\n| |\n王小明\n|\n|\nwang@163.com\n|\n"
    f"---- 回复的原邮件 ----\n| 发件人 | 客服 |\n{OLD}",
    "foxmail, name and address": f"{NEW}\n\n\n\n王小明\nwang@163.com\n \n发件人： 客服\n"
    f"发送时间： 2026-11-20 10:00\n收件人： 我\n主题： 退款\n{OLD}",
    "foxmail, rule": f"{NEW}\n\n--------------------------------\n王小明\n杭州云朵家居有限公司\n"
    "电话：0571-88888888\n地址：杭州市西湖区文三路 1 号",
    "outlook, rule": f"{NEW}\n\n________________________________\n王小明\n采购经理\n"
    "电话：13800001234",
    "outlook, card": f"{NEW}\n\n王小明 | 采购经理\n杭州云朵家居有限公司\n手机：13800001234\n"
    "邮箱：wang@163.com\n网址：www.yunduo.example",
    "outlook, answer": f"{NEW}\n\n王小明\n采购部\nT: 0571-88888888\nwww.yunduo.example\n\n"
    f"________________________________\n发件人: 客服 <service@example.com>\n"
    f"发送时间: 2026年11月20日\n收件人: 我\n主题: 退款\n\n{OLD}",
    "qq": f"{NEW}\n\n\n\n------------------\n王小明\n13800001234\n\n\n\n"
    f'------------------ 原始邮件 ------------------\n发件人: "客服"\n发送时间: 周五\n\n{OLD}',
    "gmail": f"{NEW}\n\n-- \n王小明\n电话 13800001234",
    "letter": f"{NEW}\n\n此致\n敬礼！\n\n王小明\n电话：13800001234\n2026年11月20日",
    "letter, one line": f"{NEW}\n此致敬礼\n王小明 13800001234",
    "business": f"{NEW}\n\n顺颂商祺\n\n王小明\n杭州云朵家居有限公司\n传真：0571-88888889",
    "繁體": f"{NEW}\n\n順頌商祺\n王小明\n電話：0571-88888888",
    "phone": f"{NEW}\n\n祝好\n王小明\n13800001234\n\n发自我的iPhone",
}
ENGLISH = {
    "regards": f"{SAYS}\n\nKind regards,\n\nJohn Smith\nHead of Sales\nTel: +44 20 7946 0000",
    "thanks": f"{SAYS}\n\nThanks,\nJohn Smith | Buyer\njohn@shop.example | +1 (555) 010-9999",
    "card": f"{SAYS}\n\nJohn Smith\nSales Manager, Example Co., Ltd\nM: +86 138 0000 1234\n"
    "E: john@shop.example",
    "answer": f"{SAYS}\n\nBest regards\nJohn\nMobile: +44 7700 900123\n\n"
    f"On Fri, Nov 20, 2026 Service <service@example.com> wrote:\n\n> {OLD}",
}
HTML = {
    "163 master": f"<div>{NEW}</div><div><br></div><table><tr><td>王小明</td></tr><tr><td>"
    "wang@163.com</td></tr></table><div>签名由 网易邮箱大师 定制</div>",
    "foxmail": f"<div>{NEW}</div><div><br></div><hr><div>王小明</div><div>wang@163.com</div>",
    "outlook": f"<p>{NEW}</p><p>&nbsp;</p><p>王小明</p><p>采购部 | 经理</p>"
    "<p>杭州云朵家居有限公司</p><p>T: 0571-88888888</p><p>www.yunduo.example</p>",
    "gmail": f"<div dir='ltr'>{NEW}<br><br>-- <br><div>王小明</div>"
    "<div>电话 13800001234</div></div>",
    "qq": f"<div>{NEW}</div><div><br></div><div>------------------</div><div>王小明</div>"
    "<div>13800001234</div>",
}


@pytest.mark.parametrize("client", PLAIN)
def test_signatures_of_clients_are_folded(client):
    said = fold(PLAIN[client], signs(), OWN)
    assert said.new == NEW
    assert "王小明" in said.signature
    assert OLD not in said.signature


@pytest.mark.parametrize("client", ENGLISH)
def test_english_ones_too(client):
    said = fold(ENGLISH[client], signs(), SMITH)
    assert said.new == SAYS
    assert "John" in said.signature


@pytest.mark.parametrize("client", HTML)
def test_those_of_html_in_words(client):
    said = fold(words_of(HTML[client]), signs(), OWN)
    assert said.new == NEW
    assert "王小明" in said.signature


KEPT = [
    "我的电话 13800001234，请回电",
    "电话：13800001234\n地址：杭州市西湖区文三路 1 号",
    "王小明\n电话：13800001234\n邮箱：wang@163.com",  # nothing else: that is what he says
    "洗衣机坏了\n\n电话：13800001234\n地址：杭州市西湖区文三路 1 号",
    "要求维修。\n\n姓名：王小明\n电话：13800001234\n收货地址：杭州市西湖区",
    "要求赔偿。\n\n被投诉商家\n杭州某某有限公司\n电话：0571-88888888\n地址：杭州市",
    "要求赔偿。\n\n杭州某某有限公司\n电话：0571-88888888\n地址：杭州市西湖区",  # of whom
    "快递员叫张三\n\n张三\n13900000000",
    "漏水了。\n\n订单号 202611201234567\n王小明\n13800001234",
    "漏水了。\n\n202611201234567\n电话：13800001234",
    "坏了。\n\n上门时间\n电话：13800001234\n地址：杭州市西湖区文三路 1 号",
    "坏了。\n_____\n请退款\n谢谢",
    "坏了。\n_____\n退到原来的卡\n电话：13800001234，请回电",
    "坏了。\n\n谢谢！\n电话：13800001234\n地址：杭州市西湖区",
    "没有发货。\n\n谢谢\n我的电话13800001234",
    "此致敬礼的快递员把门撞坏了",
    "I want a refund.\n\nThanks\nPlease call me: +44 20 7946 0000",
    "My order is lost.\n\nThe seller\nExample Co., Ltd\nTel: +44 20 7946 0000",
    "表格：\n| 日期 | 金额 |\n| 11-20 | 99 |\n|\n请核对",
    "签名由网易邮箱大师定制，可是我没有用过，投诉",
]


@pytest.mark.parametrize("text", KEPT)
def test_what_he_says_is_never_folded(text):
    assert fold(text, signs(), OWN).new == text


def test_one_who_signs_with_another_name_than_his_address_has():
    text = f"{NEW}\n\n李雷\n电话：13800001234\n邮箱：li@shop.example\n网址：www.shop.example"
    assert fold(text, signs(), ("shop", "info@elsewhere.example")).new == NEW
    shop = f"{NEW}\n\n李雷\n电话：13800001234"
    assert fold(shop, signs(), ("shop", "info@elsewhere.example")).new == shop  # in doubt


def test_a_long_text_under_two_dashes_is_no_signature():
    text = "第一件\n--\n" + "\n".join(f"第{n}件：没有处理" for n in range(30))
    assert fold(text, signs(), OWN).new == text


def test_who_signed_and_how_he_is_reached():
    assert signed_by("此致\n敬礼\n王小明 经理\n电话：138 0000 1234", signs()) == (
        "王小明",
        "138 0000 1234",
    )
    assert signed_by("| |\n王小明\n|\nwang@163.com", signs()) == ("王小明", "")
    assert signed_by("Kind regards,\nJohn Smith\nTel: +44 20 7946 0000", signs()) == (
        "John Smith",
        "+44 20 7946 0000",
    )
    assert signed_by("", signs()) == ("", "")


def test_it_is_fast_whatever_the_lines():
    began = time.process_time()
    for text in (
        "x\n\n" + "| |\n王小明\n|\n" * 1000,
        "x\n\n王小明\n" + "电话：1\n" * 4000,
        "x\n|" + " " * 200_000 + "1\n|\nx@y.z\n|",
        "x\n-----\n" + "电话：" + "1 " * 100_000,
        "x\n\n谢谢\n" * 1000,
    ):
        fold(text, signs(), OWN)
    assert time.process_time() - began < 5


# -- as mails -----------------------------------------------------------------------------------


def html_mail(source: str) -> bytes:
    message = EmailMessage()
    message["From"] = "王小明 <wang@163.com>"
    message["To"] = "service@example.com"
    message["Subject"] = "退款"
    message["Message-ID"] = "<html@163.com>"
    message.set_content(source, subtype="html")
    return message.as_bytes()


def test_the_complaint_has_what_he_says_and_the_mail_all(arrived, chen, signed_in):
    kept = arrived(mail(PLAIN["163 master"], From="王小明 <wang@163.com>", Subject="退款"))
    assert kept.outcome == Outcome.NEW
    assert kept.complaint.text == NEW  # which says 退款 itself
    assert "签名由网易邮箱大师定制" in folded_of(kept)
    assert "签名由网易邮箱大师定制" in kept.text
    quoted = signed_in(chen).get(f"/mail/{kept.pk}/quoted/").content.decode()
    assert "wang@163.com" in quoted


def test_a_mail_of_html_alone(arrived):
    kept = arrived(html_mail(HTML["outlook"]))
    assert kept.complaint.text == NEW


def test_what_only_the_signature_says_stands_beside_it_unverified(arrived, chen, signed_in):
    kept = arrived(mail(PLAIN["letter"], From="wang@163.com", Subject="退款"))
    complaint = kept.complaint
    assert complaint.intake.contact["phone"] == "13800001234"
    assert complaint.customer.name == "王小明"  # the mail named nobody itself
    assert complaint.customer.contact("phone") == ""  # nothing that is not verified
    page = signed_in(chen).get(f"/complaints/{complaint.number}/").content.decode()
    assert "13800001234" not in page


def test_a_number_in_a_signature_makes_nobody_somebody_else(arrived, wang_fang):
    phone = wang_fang.contact("phone")
    assert phone
    text = f"{NEW}\n\n此致\n敬礼\n李雷\n电话：{phone}"
    kept = arrived(mail(text, From="李雷 <li@elsewhere.example>"))
    assert kept.complaint.customer != wang_fang
    assert Customer.objects.reached_by("phone", phone).get() == wang_fang


def test_a_number_that_is_none_holds_nothing_up(arrived):
    kept = arrived(mail(f"{NEW}\n\n此致\n敬礼\n李雷\n电话：+999 99 99999999"))
    assert kept.outcome == Outcome.NEW


def test_a_mail_of_nothing_but_a_card_is_a_complaint_all_the_same(arrived):
    card = "王小明\n电话：13800001234\n邮箱：wang@163.com"
    kept = arrived(mail(card, From="王小明 <wang@163.com>", Subject="回电"))
    assert "13800001234" in kept.complaint.text


def test_an_answer_in_a_thread_leaves_the_signature_out(arrived, written_to):
    _complaint, _letter, internet_id = written_to()
    text = "好的，周六可以。\n\n王芳\n手机：13800001234\n邮箱：wf@example.com"
    kept = arrived(mail(text, From="王芳 <wf@example.com>", In_Reply_To=f"<{internet_id}>"))
    assert (kept.outcome, kept.message.text) == (Outcome.THREADED, "好的，周六可以。")


# -- signs are rows -----------------------------------------------------------------------------


def test_signs_of_signatures_are_rows_with_source_version_and_date(admin, signed_in):
    for kind in ("signature_end", "rule", "closing", "contact", "told"):
        rows = Sign.objects.filter(kind=kind)
        assert rows.exists()
        assert not rows.filter(source="").exists()
        assert not rows.filter(dated=None).exists()
    page = signed_in(admin)
    text = page.get("/console/mail-signs/?kind=signature_end").content.decode()
    assert "签名由*网易邮箱*定制" in text
    assert "2026-11-30" in text


def test_a_row_that_is_switched_off_counts_no_more(admin, signed_in):
    text = f"{NEW}\n\n即祝\n王小明\n传真：1"
    assert fold(text, signs()).new == text
    typed = {"kind": "closing", "header": "", "pattern": "即祝", "source": "来信"}
    assert signed_in(admin).post("/console/mail-signs/new/", typed).status_code == 302
    assert fold(text, signs()).new == NEW
    Sign.objects.filter(pattern="即祝").update(enabled=False)
    signs.forget()
    assert fold(text, signs()).new == text
