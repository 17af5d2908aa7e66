"""The duty supervisor in a call, and the ladder for abusive callers."""

from __future__ import annotations

import pytest
from django.utils import translation

from huiyin.ground.people.models import Team
from huiyin.ground.refusal import NotPermitted, Refused
from huiyin.journey.channels.phone import actions
from huiyin.journey.channels.phone.actions.working import came
from huiyin.journey.channels.phone.models import Call, Rung
from huiyin.journey.complaint.words import What
from huiyin.surface.notices.models import Notice
from tests.phone.calls import story
from tests.together import at_once

pytestmark = pytest.mark.django_db


# --- help ----------------------------------------------------------------------------------------


def test_the_duty_supervisor_is_asked_at_once(talking, li, chen, signed_in):
    act = actions.help_asked(talking, by=li)
    assert act.to == chen
    assert actions.help_asked(talking, by=li).pk == act.pk
    notice = Notice.objects.get(user=chen)
    assert (notice.urgent, notice.text) == (True, "李明 在通话中请求支援")
    text = signed_in(chen).get("/calls/mine/").content.decode()
    assert "李明 请求支援" in text
    came(talking, by=chen)
    assert "请求支援" not in signed_in(chen).get("/calls/mine/").content.decode()
    assert "陈静 已响应" in signed_in(li).get("/calls/mine/").content.decode()


def test_nobody_waits_for_help_in_a_call_that_is_over(pbx, talking, li, chen, signed_in):
    actions.help_asked(talking, by=li)
    assert "等待响应" in signed_in(li).get("/calls/mine/").content.decode()
    pbx.tell("hangup", after=60, by="customer")
    assert "等待响应" not in signed_in(li).get("/calls/mine/").content.decode()


def test_whoever_is_asked_reads_it_in_his_language(talking, li, chen):
    chen.language = "en"
    chen.save()
    with translation.override("zh-hans"):  # as 李明 works
        actions.help_asked(talking, by=li)
    assert "支援" not in Notice.objects.get(user=chen).text


def test_somebody_who_was_not_asked_cannot_come(talking, sun):
    with pytest.raises(Refused):
        came(talking, by=sun)


def test_without_a_supervisor_it_is_said(pbx, sun, logistics):
    Team.objects.filter(pk=logistics.pk).update(duty_supervisor=None)
    from huiyin.ground.people.models import User

    User.objects.filter(username="chen").update(presence="away", is_active=False)
    call = pbx.talk("s1", agent="8002")
    with pytest.raises(Refused):
        actions.help_asked(call, by=sun)


# --- the ladder ----------------------------------------------------------------------------------


@pytest.fixture
def steps(db):
    return list(Rung.objects.order_by("position"))


def test_step_by_step_to_the_end(talking, complaint, li, chen, steps):
    calm, first, last, end = steps
    actions.link(talking, complaint, by=li)
    for one in (end, last):
        with pytest.raises(Refused, match=r"第一次提醒"):
            actions.say(talking, one, by=li)
    actions.say(talking, first, by=li)
    with pytest.raises(Refused, match=r"最后一次提醒"):
        actions.say(talking, end, by=li)
    actions.say(talking, last, by=li)
    with pytest.raises(Refused):
        actions.say(talking, last, by=li)
    actions.say(talking, calm, by=li)
    actions.say(talking, end, by=li)
    assert story(complaint).count(What.ABUSE_WARNED) == 3
    assert story(complaint).count(What.ABUSE_ENDED) == 1
    assert Notice.objects.get(user=chen, complaint=None).text == "李明 因辱骂结束了通话"
    assert Call.objects.get().abused
    with pytest.raises(Refused):
        actions.say(talking, first, by=li)


def test_an_ended_abusive_call_is_no_drop_and_a_pause_is_offered(
    pbx, talking, li, chen, steps, signed_in
):
    for one in steps[1:]:
        actions.say(talking, one, by=li)
    call = pbx.tell("hangup", after=300, by="unknown")
    assert not call.dropped
    text = signed_in(li).get("/calls/mine/").content.decode()
    assert "您可以暂停接听 30 分钟" in text


def test_what_was_said_before_the_complaint_is_told_in_it(talking, complaint, li, steps):
    actions.say(talking, steps[1], by=li)
    actions.link(talking, complaint, by=li)
    assert story(complaint).count(What.ABUSE_WARNED) == 1


def test_only_who_speaks_says_a_step(talking, chen, steps):
    with pytest.raises(NotPermitted):
        actions.say(talking, steps[1], by=chen)


@pytest.mark.django_db(transaction=True)
def test_the_same_step_twice_at_once(pbx, li):
    call = pbx.talk()
    first = Rung.objects.get(position=2)
    results = at_once(*(lambda: actions.say(call, first, by=li) and None for _time in range(3)))
    assert sum(isinstance(one, Refused) for one in results) == 2
    assert call.acts.filter(did="warned").count() == 1
