"""Promises are found in what is written: kept in the ledger, stopped with a better wording."""

from __future__ import annotations

import pytest

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.people.words import Role
from huiyin.ground.refusal import Invalid
from huiyin.journey.callbacks import actions as callbacks
from huiyin.journey.callbacks.words import CallbackKind
from huiyin.journey.clocks.actions import sweep
from huiyin.journey.closure import actions as closure
from huiyin.journey.conversation.actions import note, reply
from huiyin.journey.promises import actions
from huiyin.journey.promises.words import State
from huiyin.journey.resolution import actions as resolution
from tests.conftest import at, person
from tests.promises.conftest import NOW
from tests.roads import assigned, fresh, propose, solved, story


def write(complaint, by, text, **how):
    with moment.at(NOW):
        return reply(fresh(complaint), by=by, text=text, channel="phone", **how)


def test_a_reply_with_a_date_is_kept_in_the_ledger(complaint, li):
    message = write(complaint, li, "您好，三个工作日内为您退款20元。")
    given = complaint.promises.get()
    assert (given.kind, given.amount_fen, given.due_at) == ("refund", 2000, at("2026-12-01 18:00"))
    assert (given.source, given.message, given.by) == (f"message:{message.pk}", message, li)
    assert given.sentence == "您好，三个工作日内为您退款20元。"
    assert "本人权限" in given.authority


def test_two_promises_in_one_reply(complaint, li):
    write(complaint, li, "今天下午五点前补发配件。明天上午十点给您回电。")
    assert [p.kind for p in complaint.promises.order_by("pk")] == ["reship", "call"]
    assert fresh(complaint).promise_due_at == at("2026-11-26 17:00")


def test_without_a_date_it_does_not_go_out(complaint, li):
    with pytest.raises(Invalid) as refused:
        write(complaint, li, "我们会尽快为您退款20元。")
    assert refused.value.fields["better"] == "我们会在12月1日18:00前为您退款20元。"
    assert "没有写明" in refused.value.fields["text"]
    assert not complaint.messages.filter(kind="outbound").exists()
    assert not complaint.promises.exists()
    write(complaint, li, refused.value.fields["better"])
    assert complaint.promises.get().due_at == at("2026-12-01 18:00")


@pytest.mark.parametrize(
    "text",
    [
        "我们会为您补发一件。",
        "为您补发一件新的。",
        "收到退货后48小时内为您退款20元。",
        "稍后给您回电。",
        "好的，马上给您处理好。",
        "We will call you back shortly.",
        "We will refund 20 yuan.",
        "退款20元。",
    ],
)
def test_the_better_wording_may_go_out(complaint, li, text):
    with pytest.raises(Invalid) as refused:
        write(complaint, li, text)
    write(complaint, li, refused.value.fields["better"])
    assert complaint.promises.get().due_at > NOW


COURTESY = [
    "我们会认真对待您的意见。",
    "我们会妥善解决您的问题。",
    "我们将不断改进服务，加强设备维修保养。",
    "我们会全力协助您解决问题，积极与您沟通。",
    "今后我们会第一时间答复每一位客户。",
    "我会尽我所能帮您解决。",
    "我们会督促商家给您退款。",
    "我们会要求师傅按时上门。",
    "我们会更换供应商。",
    "We will do our best to resolve your problem.",
    "We will take your feedback seriously.",
]


@pytest.mark.parametrize("text", COURTESY)
def test_courtesy_and_attitude_go_out_and_bind_nobody(complaint, li, text):
    write(complaint, li, text)
    assert complaint.messages.filter(kind="outbound").exists()
    assert not complaint.promises.exists()


@pytest.mark.parametrize(
    "text",
    ["我们会全力在三天内为您退款20元。", "今后三个工作日内给您答复。", "我们会尽力明天给您回电。"],
)
def test_a_date_makes_effort_a_word(complaint, li, text):
    write(complaint, li, text)
    assert complaint.promises.get().due_at > NOW


@pytest.mark.parametrize("text", ["我们会积极为您退款20元。", "我们会为您更换。", "我会给您回电。"])
def test_an_act_for_the_customer_without_a_date_is_still_stopped(complaint, li, text):
    with pytest.raises(Invalid) as refused:
        write(complaint, li, text)
    assert "12月" in refused.value.fields["better"] or "11月" in refused.value.fields["better"]


def test_beyond_authority_it_does_not_go_out_and_an_answer_is_offered(complaint, li):
    with pytest.raises(Invalid) as refused:
        write(complaint, li, "三个工作日内退款5000元。")
    assert "权限" in refused.value.fields["text"]
    better = refused.value.fields["better"]
    assert "申请" in better
    write(complaint, li, better)
    given = complaint.promises.get()
    assert (given.kind, given.amount_fen) == ("reply", 0)


def test_splitting_a_sum_over_replies_widens_nothing(complaint, li):
    write(complaint, li, "明天退款40元。")
    with pytest.raises(Invalid, match="权限"):
        write(complaint, li, "后天再补偿您40元。")
    with pytest.raises(Invalid, match="权限"):
        write(complaint, li, "明天退款30元。另外后天补偿您30元。")


def test_three_times_is_nobodys_own_word(complaint, chen):
    with pytest.raises(Invalid, match="会签"):
        write(complaint, chen, "我们明天三倍赔偿您。")


def test_a_waived_sentence_goes_out_and_who_said_so_is_kept(complaint, li):
    write(complaint, li, "我们会尽快退款。", waived=["我们会尽快退款。"])
    assert not complaint.promises.exists()
    waiver = complaint.waivers.get()
    assert (waiver.sentence, waiver.by, waiver.kind) == ("我们会尽快退款。", li, "refund")


def test_another_sentence_waives_nothing(complaint, li):
    with pytest.raises(Invalid):
        write(complaint, li, "我们会尽快退款。", waived=["会尽快", ""])


def test_what_the_system_writes_is_read_and_never_stopped(complaint, li):
    system = User.objects.system()
    write(complaint, system, "我们会尽快退款。")
    write(complaint, li, "我们会尽快退款。", fixed=True)
    assert not complaint.promises.exists()
    write(complaint, system, "我们明天给您回电。")
    assert complaint.promises.get().kind == "call"


def test_an_option_is_told_in_its_own_words(complaint, li):
    with moment.at(NOW):
        offer = propose(fresh(complaint), li, fen=2000)
        resolution.tell(offer, by=li, channel="phone")
    assert not complaint.promises.exists()


def test_what_was_agreed_is_promised_and_kept_by_its_execution(complaint, li):
    with moment.at(NOW):
        offer = propose(fresh(complaint), li, fen=2000)
        resolution.agree(offer, by=li)
        given = complaint.promises.get()
        assert (given.source, given.amount_fen) == (f"offer:{offer.pk}", 2000)
        assert given.due_at == at("2026-11-29 18:00")
        reply(fresh(complaint), by=li, text="退款20元，11月29日前到账。", channel="phone")
        assert complaint.promises.count() == 1  # said again: one promise stays one
        resolution.execute(offer, by=li, proof="流水号 20261126")
    given.refresh_from_db()
    assert (given.state, given.proof) == (State.KEPT, "流水号 20261126")


@pytest.mark.parametrize(
    ("agreed", "due"),
    (
        ("2026-11-29 17:59", "2026-11-29 18:00"),
        ("2026-11-29 18:00", "2026-11-30 18:00"),  # a Sunday evening
        ("2026-12-04 21:30", "2026-12-07 18:00"),  # long over, and a Friday
    ),
)
def test_a_late_yes_is_no_fault_of_the_customer(complaint, li, agreed, due):
    with moment.at(NOW):
        offer = propose(fresh(complaint), li, fen=2000)
    with moment.at(at(agreed)):
        resolution.agree(offer, by=li)
    assert complaint.promises.get().due_at == at(due)


def test_a_declined_option_is_owed_no_more(complaint, li):
    with moment.at(NOW):
        offer = propose(fresh(complaint), li, fen=2000)
        resolution.agree(offer, by=li)
        resolution.decline(offer, by=li, note="客户反悔")
    assert complaint.promises.get().state == State.RELEASED


def test_a_note_binds_only_when_it_was_said_to_the_customer(complaint, li):
    with moment.at(NOW):
        note(fresh(complaint), by=li, text="答应客户周五前补发配件。")
        assert not complaint.promises.exists()
        note(fresh(complaint), by=li, text="答应客户周五前补发配件。", spoken=True)
    given = complaint.promises.get()
    assert (given.kind, given.origin, given.due_at) == ("reship", "note", at("2026-11-27 18:00"))


def test_on_the_phone_nothing_is_stopped_but_marked(complaint, li):
    with moment.at(NOW):
        note(
            fresh(complaint),
            by=li,
            text="答应客户尽快补发。承诺客户月底前赔付5000元。",
            spoken=True,
        )
    first, second = complaint.promises.order_by("pk")
    assert first.assumed
    assert first.due_at == at("2026-12-01 18:00")
    assert second.beyond


def test_an_appointment_for_a_call_is_a_promise(complaint, li):
    with moment.at(NOW):
        call = callbacks.ask(
            fresh(complaint),
            kind=CallbackKind.ASKED,
            reason="客户约明天上午",
            due_at=at("2026-11-27 10:30"),
            by=li,
            source="asked:1",
            person=li,
            appointment_at=at("2026-11-27 10:00"),
        )
        given = complaint.promises.get()
        assert (given.kind, given.source) == ("call", f"callback:{call.pk}")
        callbacks.cancel(call, by=li, reason="客户发来消息说不用打了")
    given.refresh_from_db()
    assert given.state == State.RELEASED


def test_the_customer_is_told_first(complaint, li):
    write(complaint, li, "今天下午五点前退款20元。")
    with moment.at(at("2026-11-26 17:01")):
        sweep()
    told = complaint.messages.filter(kind="outbound").latest("pk")
    assert told.by.is_system
    assert "退款 20 元" in told.text
    assert "11月26日17:00" in told.text
    assert complaint.promises.count() == 1  # the letter promises nothing anew
    happened = story(complaint)
    assert (
        happened.index("promise_broken")
        < len(happened) - 1 - happened[::-1].index("replied")
        < happened.index("reclassified")
        < happened.index("callback_asked")
    )


def test_the_letter_speaks_english_to_who_reads_english(complaint, li):
    complaint.customer.language = "en"
    complaint.customer.save()
    write(complaint, li, "We will refund 20 yuan by 5 pm today.")
    with moment.at(at("2026-11-26 17:01")):
        sweep()
    assert "26 November 17:00" in complaint.messages.latest("pk").text


def test_an_update_that_was_promised_is_kept_by_a_reply(complaint, li):
    write(complaint, li, "明天中午12点前告知您进展。")
    with moment.at(at("2026-11-27 11:00")):
        reply(fresh(complaint), by=li, text="您好，仓库正在核对。", channel="phone")
    assert complaint.promises.get().state == State.KEPT


def test_hostile_and_huge_texts(complaint, li):
    write(complaint, li, "退" * 5000 + "<script>alert(1)</script>")
    write(complaint, li, "您好" * 9000)
    assert actions.read(li, complaint, "") == []
    assert actions.read(li, complaint, "\x00?,，。" * 200) == []


def test_an_officer_may_note_what_he_said_on_the_phone(complaint, li):
    du = person("du_p", "杜衡", Role.SUPERVISION)
    with moment.at(NOW):
        note(fresh(complaint), by=du, text="答应客户明天下午三点前回电。", spoken=True)
    assert complaint.promises.get().by == du


def test_a_complaint_that_was_never_weighed_is_told_and_called_all_the_same(
    make_complaint, after_sales, li
):
    complaint = assigned(make_complaint, after_sales, li, severity=3)
    write(complaint, li, "今天下午五点前退款20元。")
    with moment.at(at("2026-11-26 17:01")):
        sweep()
    assert complaint.promises.get().state == State.BROKEN
    assert complaint.callbacks.count() == 1


def test_a_letter_of_the_result_tells_what_was_done(make_complaint, after_sales, li):
    with moment.at(NOW):
        done = solved(make_complaint, after_sales, li)
        feed_back = closure.feed_back
        with pytest.raises(Invalid, match="没有写明"):
            feed_back(fresh(done), by=li, measures="换新", result="我们会尽快补发说明书。")
        feed_back(fresh(done), by=li, measures="换新，部分退款 ¥20.00", result="已送达")
    assert not done.promises.filter(origin="message").exists()
