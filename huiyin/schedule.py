"""What happens by itself. The worker runs each entry every so often; each is safe to run twice."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings

from huiyin.ground.knowledge import actions as knowledge
from huiyin.ground.webhooks import actions as webhooks
from huiyin.journey.channels.chat import actions as chat
from huiyin.journey.channels.chat.actions import watching as chats
from huiyin.journey.channels.hooks import actions as hooks
from huiyin.journey.channels.mail import actions as mail
from huiyin.journey.channels.paper.actions import drawing, reading
from huiyin.journey.channels.phone import actions as phone
from huiyin.journey.channels.recordings import actions as recordings
from huiyin.journey.channels.sms import actions as sms
from huiyin.journey.channels.social import actions as social
from huiyin.journey.clocks import actions as clocks
from huiyin.journey.closure import actions as closure
from huiyin.journey.complaint.words import Channel
from huiyin.journey.conversation import actions as conversation
from huiyin.journey.grouping import actions as grouping
from huiyin.journey.improvement import actions as improvement
from huiyin.journey.intake import actions as intake
from huiyin.journey.routing import actions as routing
from huiyin.journey.survey import actions as survey
from huiyin.surface.composer import actions as composer
from huiyin.surface.dossier import actions as dossier
from huiyin.surface.exchange import actions as exchange
from huiyin.surface.notices import budgets, chatting, keeping, reminding
from huiyin.surface.portal import actions as portal


@dataclass(frozen=True)
class Every:
    interval: timedelta
    do: Callable[[], object]  # all of it, one after the other
    # The same in parts, by the account at an outside system that each asks: the worker runs each by
    # itself, so that one that hangs holds up no other.
    lanes: Callable[[], Mapping[str, Callable[[], object]]] | None = None


def _letters_of(*channels: str) -> Every:
    """The letters of one channel, and there of each account: what hangs holds up no other."""

    def send() -> int:
        return conversation.send_due_letters(*channels)

    send.__name__ = "send_letters_" + "_".join(channels)
    send.__module__ = conversation.send_due_letters.__module__  # where whoever reads of it looks
    return Every(timedelta(seconds=10), send, lambda: conversation.lanes(*channels))


def _arrivals_of(kind: str) -> Every:
    """What the systems of one kind told: one that hangs when it is asked holds up no other."""

    def take() -> int:
        return hooks.take_due(kind)

    take.__name__ = f"take_{kind}"
    take.__module__ = hooks.take_due.__module__
    return Every(timedelta(seconds=10), take, lambda: hooks.lanes(kind))


NOT_CARRIED = tuple(channel for channel in Channel.values if channel not in settings.CARRIERS)

SCHEDULE = (
    *(_letters_of(channel) for channel in settings.CARRIERS),
    _letters_of(*NOT_CARRIED),  # they stay in the outbox
    Every(timedelta(seconds=10), webhooks.send_due_calls),
    Every(timedelta(minutes=1), mail.watch),
    Every(timedelta(seconds=10), mail.arrive_due),
    Every(timedelta(minutes=2), mail.send_held),
    *(_arrivals_of(kind) for kind in settings.CONNECTORS),
    Every(timedelta(hours=1), hooks.take_due),  # of kinds that are no longer installed too
    Every(timedelta(seconds=10), recordings.analyse_due),
    Every(timedelta(seconds=10), recordings.transcribe_due),
    Every(timedelta(seconds=10), drawing.draw_due),
    Every(timedelta(seconds=10), reading.read_due),
    Every(timedelta(minutes=1), chat.mail_unseen),
    Every(timedelta(seconds=10), chats.watch),
    Every(timedelta(seconds=10), chatting.tell_alarms),
    Every(timedelta(seconds=10), phone.watch),
    Every(timedelta(seconds=10), phone.fetch_due, phone.lanes_of_fetching),
    Every(timedelta(seconds=10), social.fetch_due, social.lanes_of_files),
    Every(timedelta(minutes=1), social.poll_due, social.lanes_of_polling),
    Every(timedelta(seconds=10), social.name_due, social.lanes_of_naming),
    Every(timedelta(seconds=10), sms.look_into_folders, sms.lanes_of_folders),
    Every(timedelta(minutes=1), webhooks.ask_due),
    Every(timedelta(days=1), webhooks.forget_heard),
    Every(timedelta(days=1), conversation.forget_sent),
    Every(timedelta(seconds=10), grouping.send_copies),
    Every(timedelta(seconds=10), clocks.follow_edits),
    Every(timedelta(seconds=10), routing.pass_rings),
    Every(timedelta(seconds=20), clocks.sweep),
    Every(timedelta(minutes=1), routing.follow_absences),
    Every(timedelta(minutes=1), clocks.wake_due),
    Every(timedelta(seconds=10), reminding.tell_waiting),
    Every(timedelta(hours=1), closure.archive_due),
    Every(timedelta(minutes=1), survey.send_due),
    Every(timedelta(minutes=10), survey.remind_due),
    Every(timedelta(hours=1), improvement.count_effects),
    Every(timedelta(minutes=1), improvement.remind_readers),
    Every(timedelta(hours=1), intake.sweep_drafts),
    Every(timedelta(hours=1), composer.sweep),
    Every(timedelta(hours=1), portal.forget_counts),
    Every(timedelta(minutes=10), knowledge.turn_due),
    Every(timedelta(hours=1), keeping.remind_keepers),
    Every(timedelta(hours=1), budgets.warn_all),
    Every(timedelta(days=1), knowledge.sweep_misses),
    Every(timedelta(minutes=10), dossier.prepare_font),
    Every(timedelta(hours=1), dossier.sweep_prints),
    Every(timedelta(days=1), exchange.sweep_imports),
    Every(timedelta(days=1), reminding.forget_told),
)
