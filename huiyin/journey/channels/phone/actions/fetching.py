"""Recordings: announced, fetched by the worker, checked, and kept; lost to no restart."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import QuerySet

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.refusal import Refused
from huiyin.ground.sentence import sentence as _
from huiyin.ground.sentence import told_by
from huiyin.ground.webhooks.actions import posting
from huiyin.ground.webhooks.rules.addresses import Forbidden
from huiyin.journey.channels.phone.models import Call, Recording
from huiyin.journey.channels.phone.rules import machine
from huiyin.journey.channels.phone.words import Fetch, Told
from huiyin.journey.conversation import actions as conversation
from huiyin.journey.conversation import rules as files
from huiyin.journey.conversation.actions.evidence import store_bytes
from huiyin.journey.conversation.words import EvidenceKind, PrivacyLevel, Source

logger = logging.getLogger(__name__)

TRY_AGAIN_AFTER = (1, 5, 15, 60, 240)  # minutes
TAKEN_FOR = timedelta(minutes=3)
MOST_A_RUN = 20
WHOLE_SECONDS = 60.0  # fifty megabytes over a line of ten megabits


class _Wrong(Exception):  # noqa: N818 — an answer of the other side
    """It came, and is not what was announced; `final`: trying again changes nothing."""

    def __init__(self, sentence: str, *, final: bool = False) -> None:
        super().__init__(sentence)
        self.final = final


def announce(call: Call, *, url: str, sha256: str) -> None:
    now = moment.now()
    Recording.objects.bulk_create(
        [Recording(call=call, url=url, sha256=sha256, next_try_at=now, at=now)],
        ignore_conflicts=True,
    )


def lanes_of_fetching() -> dict[str, Callable[[], int]]:
    """The telephone systems that recordings are due of: each is asked by itself."""
    found = _due().order_by().values_list("call__hook", flat=True).distinct()
    return {str(pk): partial(fetch_due, of=pk) for pk in found}


def fetch_due(*, of: int | None = None) -> int:
    """All that are due, or those of one system; of two workers each is fetched by one."""
    done = 0
    while done < MOST_A_RUN and (recording := _next(of)) is not None:
        _fetch(recording)
        done += 1
    return done


def _due() -> QuerySet[Recording]:
    now = moment.now()
    waiting = Recording.objects.filter(state=Fetch.WAITING, next_try_at__lte=now)
    return waiting.exclude(taken_until__gt=now).order_by("next_try_at", "pk")


@transaction.atomic
def _next(of: int | None) -> Recording | None:
    """Counted before it is fetched, so that what kills its reader stops killing."""
    now = moment.now()
    due = _due() if of is None else _due().filter(call__hook=of)
    due = due.select_related("call__hook")
    found = due.select_for_update(skip_locked=True, of=("self",)).first()
    if found is not None:
        found.tries += 1
        found.taken_until = now + TAKEN_FOR
        found.save(update_fields=["tries", "taken_until"])
    return found


def _fetch(recording: Recording) -> None:
    if recording.tries > len(TRY_AGAIN_AFTER) + 1:
        _settle(recording, state=Fetch.FAILED, error=_("多次取回失败"))
        return
    try:
        body = _body(recording)
        _keep(recording, body)
    except _Wrong as error:
        _later(recording, str(error), final=error.final)
    except Forbidden as error:
        _later(recording, posting.sentence_of(error.why), final=error.why != "unknown")
    except posting.Unreached as error:
        _later(recording, _("录音服务器没有应答（%(why)s）") % {"why": str(error)})
    except Exception as error:
        logger.exception("recording %s could not be kept; it will be tried again", recording.pk)
        _later(recording, told_by(error))


def _body(recording: Recording) -> bytes:
    """From the address that was announced, through the policy against inner addresses."""
    headers = {"Accept": "audio/*"}
    options = recording.call.hook.options
    token = recording.call.hook.secrets.get("recording_token", "")
    if token and urlsplit(recording.url).hostname == options.get("recording_host"):
        headers["Authorization"] = f"Bearer {token}"  # to that host alone
    reply = posting.send(
        "GET", recording.url, headers=headers, most=files.LARGEST_FILE, seconds=WHOLE_SECONDS
    )
    if reply.status != 200:
        raise _Wrong(_("录音服务器答复 %(status)s") % {"status": reply.status})
    if recording.sha256 and hashlib.sha256(reply.body).hexdigest() != recording.sha256:
        raise _Wrong(_("录音与通知的 SHA-256 不一致"))
    return reply.body


def _keep(recording: Recording, body: bytes) -> None:
    name = _name(recording, body)
    verdict = files.judge_file(name, len(body), body[: files.HEAD])
    if verdict.refusal or not verdict.media_type.startswith("audio/"):
        raise _Wrong(conversation.refusal_of_file(name, verdict.refusal or "kind"), final=True)
    with transaction.atomic():
        # The call first, as whoever links it: either he sees the file, or we see his link.
        calls = Call.objects.select_for_update(no_key=True, of=("self",))
        call = calls.get(pk=recording.call_id)
        fresh = Recording.objects.select_for_update(of=("self",)).get(pk=recording.pk)
        if fresh.state != Fetch.WAITING:
            return
        path, digest = store_bytes(ContentFile(body, name=name))  # type: ignore[arg-type]
        fresh.name, fresh.path, fresh.size = name, path, len(body)
        fresh.sha256 = fresh.sha256 or digest
        fresh.state, fresh.error, fresh.taken_until = Fetch.KEPT, "", None
        fresh.save()
        if call.complaint_id is not None:
            attach_kept(call)


def _name(recording: Recording, body: bytes) -> str:
    """What it is called: by its address, where that says it; else by what it is."""
    name = files.safe_name(urlsplit(recording.url).path)
    ending = name.rpartition(".")[2].lower()
    if not files.TYPES.get(ending, "").startswith("audio/"):
        wave = body[:4] == b"RIFF"
        name = f"call-{recording.call_id}.{'wav' if wave else 'mp3'}"
    return name


def attach_kept(call: Call) -> None:
    """What waited with the call becomes evidence of its complaint. One that the complaint cannot
    take stays with the call."""
    for recording in call.recordings.select_for_update(of=("self",)).filter(state=Fetch.KEPT):
        try:
            with transaction.atomic():
                _attach(call, recording)
        except Refused as refusal:
            recording.error = refusal.sentence
            recording.save(update_fields=["error"])


def _attach(call: Call, recording: Recording) -> None:
    complaint = call.complaint
    if complaint is None:
        return
    place = Path(settings.EVIDENCE_DIR) / recording.path
    upload = ContentFile(place.read_bytes(), name=recording.name)
    recording.evidence = conversation.keep_evidence(
        complaint,
        by=User.objects.system(),
        upload=upload,  # type: ignore[arg-type]
        described=conversation.Description(
            kind=EvidenceKind.RECORDING,
            source=Source.STAFF,
            about=_("通话录音"),
            happened_at=call.answered_at or call.began_at,
            privacy=PrivacyLevel.PERSONAL,
        ),
        holds=_holds_in(call),
    )
    recording.state, recording.error = Fetch.ATTACHED, ""
    recording.save(update_fields=["evidence", "state", "error"])
    transaction.on_commit(lambda: place.unlink(missing_ok=True))


def _holds_in(call: Call) -> list[list[float]]:
    """When the caller was on hold, in seconds of the recording; not of a call that was handed on or
    recorded in parts: where in it each part begins nobody tells."""
    handed_on = call.events.filter(kind=Told.TRANSFER).exists()
    if call.answered_at is None or handed_on or call.recordings.count() > 1:
        return []
    spans = [(datetime.fromisoformat(a), datetime.fromisoformat(b)) for a, b in call.holds]
    return machine.within_recording(spans, call.answered_at)


def fetch_again(recording: Recording) -> bool:
    """Try a failed one once more."""
    failed = Recording.objects.filter(pk=recording.pk, state=Fetch.FAILED)
    return bool(
        failed.update(state=Fetch.WAITING, tries=0, next_try_at=moment.now(), taken_until=None)
    )


def _later(recording: Recording, why: str, *, final: bool = False) -> None:
    if final or recording.tries > len(TRY_AGAIN_AFTER):
        _settle(recording, state=Fetch.FAILED, error=why)
        return
    wait = timedelta(minutes=TRY_AGAIN_AFTER[recording.tries - 1])
    _settle(recording, next_try_at=moment.now() + wait, error=why)


def _settle(recording: Recording, *, error: str, **fields: object) -> None:
    waiting = Recording.objects.filter(pk=recording.pk, state=Fetch.WAITING)
    waiting.update(error=error, taken_until=None, **fields)
