"""What an agent does while he speaks, and right after."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.refusal import Invalid, Refused
from huiyin.ground.sentence import sentence as _
from huiyin.journey.callbacks import actions as callbacks
from huiyin.journey.callbacks import rules as callback_rules
from huiyin.journey.callbacks.actions import planning
from huiyin.journey.callbacks.words import CallbackKind
from huiyin.journey.channels.phone.actions import hearing, telling
from huiyin.journey.channels.phone.actions.linking import hold, keep_note
from huiyin.journey.channels.phone.models import Act, Call, CallEvent
from huiyin.journey.channels.phone.models.calls import LONGEST_NOTES
from huiyin.journey.channels.phone.permissions import can_speak, can_work
from huiyin.journey.channels.phone.rules import notes
from huiyin.journey.channels.phone.words import CallState, Did, HungUpBy, Told
from huiyin.journey.conversation import rules as conversation_rules

ASKED_AGAIN_AFTER = timedelta(minutes=1)


@transaction.atomic
def notice_given(call: Call, *, by: User) -> None:
    """The caller was told at the beginning that the call is recorded."""
    can_speak.require(by, call)
    call = hold(call)
    if call.told_recording_at is not None:
        return
    call.told_recording_by, call.told_recording_at = by, moment.now()
    call.save(update_fields=["told_recording_by", "told_recording_at"])
    telling.act_of(call, Did.NOTICE, by=by)
    hearing.ping({by.pk})


@transaction.atomic
def keep_notes(call: Call, *, by: User, text: str, began: str | None = None) -> str:
    """What is typed so far; it becomes a note, or the text of the registration. `began`: the notes
    as that page knew them; what was kept from another page meanwhile stays. What is kept now."""
    can_work.require(by, call)
    text = conversation_rules.written(text)
    if len(text) > LONGEST_NOTES:
        sentence = _("通话记录最多 %(most)s 字，请先登记或精简") % {"most": LONGEST_NOTES}
        raise Invalid(sentence, notes=sentence)
    call = hold(call)
    if call.noted_at is not None:
        raise Refused(_("通话记录已经存入投诉，请在投诉页补充备注"))
    if began is not None:
        text = notes.merged(conversation_rules.written(began), call.notes, text)[:LONGEST_NOTES]
    call.notes = text
    call.save(update_fields=["notes"])
    return text


@transaction.atomic
def checked(call: Call, *, by: User) -> None:
    """He went back to the caller who waits, and asked whether he may wait on."""
    can_speak.require(by, call)
    call = hold(call)
    if call.state != CallState.HELD:
        raise Refused(_("现在没有保持，不用确认"))
    telling.act_of(call, Did.CHECKED, by=by)
    hearing.ping({by.pk})


@transaction.atomic
def call_back(call: Call, *, by: User, at: datetime | None, reason: str = "") -> Call:
    """Instead of waiting on: we call at a time that suits the customer."""
    can_work.require(by, call)
    call = hold(call)
    at = planning.checked_appointment(at)
    reason = conversation_rules.written(reason)[:300]
    if call.callback is not None and call.callback.is_open:
        callbacks.appoint(call.callback, by=by, at=at, reason=reason or _("通话中约定"))
    else:
        call.callback = None  # one that is over calls nobody: it becomes a task of its own
    call.recall_kind = CallbackKind.ASKED
    call.recall_at, call.recall_due_at = at, at + callback_rules.GRACE
    call.recalled_at = None
    telling.act_of(call, Did.CALL_BACK, by=by, words=reason)
    telling.follow(call)
    call.save()
    hearing.ping({call.agent_id, by.pk})
    return call


@transaction.atomic
def called_back(call: Call, *, by: User) -> None:
    """He was reached again; what is a task of a complaint is answered there."""
    can_work.require(by, call)
    call = hold(call)
    if call.callback is not None and call.callback.is_open:
        raise Refused(_("这是一条回电任务，请在回访队列登记结果"))
    if call.recall_due_at is None or call.recalled_at is not None:
        raise Refused(_("这通电话没有等待回拨"))
    call.recalled_at = moment.now()
    call.save(update_fields=["recalled_at"])
    hearing.ping({call.agent_id, by.pk})


@transaction.atomic
def help_asked(call: Call, *, by: User, words: str = "") -> Act:
    """The duty supervisor, at once."""
    can_speak.require(by, call)
    call = hold(call)
    to = telling.supervisor_for(call, by)
    if to is None or to.pk == by.pk:
        raise Refused(_("现在没有可以支援的值班主管，请联系经理"))
    lately = moment.now() - ASKED_AGAIN_AFTER
    asked = call.acts.filter(did=Did.HELP, to=to, at__gt=lately).first()
    if asked is not None:
        return asked
    words = conversation_rules.written(words)[:300]
    act = telling.act_of(call, Did.HELP, by=by, to=to, words=words)
    telling.notify(act)
    hearing.ping({to.pk, by.pk})
    return act


@transaction.atomic
def came(call: Call, *, by: User) -> None:
    """The supervisor says that he is on his way."""
    asked = call.acts.filter(to=by).order_by("-pk").first()
    if asked is None:
        raise Refused(_("没有人就这通电话请您支援"))
    if not call.acts.filter(did=Did.CAME, by=by, pk__gt=asked.pk).exists():
        telling.act_of(call, Did.CAME, by=by, to=asked.by)
    hearing.ping({asked.by_id, by.pk})


@transaction.atomic
def close(call: Call, *, by: User) -> None:
    """It is over, though no word of that came. Should it come yet, the earlier moment counts."""
    can_work.require(by, call)
    call = hold(call)
    if not call.is_live:
        raise Refused(_("这通电话已经结束"))
    now = moment.now()
    told = call.events.aggregate(last=Max("at"))["last"]
    CallEvent.objects.create(
        call=call,
        key=f"closed:{by.pk}:{now.timestamp()}",
        kind=Told.HANGUP,
        at=max(now - call.skew, told or now),  # by their clock, as all of it: this is the end
        by=HungUpBy.AGENT,
        received_at=now,
    )
    telling.act_of(call, Did.CLOSED, by=by)
    before = {call.agent_id, *call.ringing, by.pk}
    hearing.follow_course(call)
    telling.follow(call)
    hearing.ping(before)


@transaction.atomic
def finish(call: Call, *, by: User) -> Call:
    """Through with it: what was written goes to the complaint, and the bar is free."""
    can_work.require(by, call)
    call = hold(call)
    if call.is_live:
        raise Refused(_("通话还没有结束"))
    if call.recall_kind == CallbackKind.ASKED and call.waits_for_us and call.callback_id is None:
        raise Refused(_("约好的回电还没有落到投诉上：请先登记或关联一件投诉，或打过后点“已回拨”"))
    if call.finished_at is None:
        keep_note(call)
        call.finished_at = moment.now()
        call.save(update_fields=["finished_at"])
        hearing.ping({call.agent_id, by.pk})
    return call
