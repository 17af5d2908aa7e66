"""Whether recordings would be analysed, and written down, just now: with a second of our own."""

from __future__ import annotations

import io
import math
import struct
import tempfile
import time
import wave
from dataclasses import replace
from pathlib import Path

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.refusal import Refused
from huiyin.ground.sentence import sentence as _
from huiyin.ground.webhooks.actions import posting
from huiyin.journey.channels.health import LONGEST_TEST
from huiyin.journey.channels.permissions import can_try_channels
from huiyin.journey.channels.recordings.actions.transcribing import Untold, posted
from huiyin.journey.channels.recordings.listening import Limits, Unheard, hear
from huiyin.journey.channels.recordings.models import Transcriber
from huiyin.journey.channels.recordings.rules.writing import Unwritten, segments_of

RATE, TONE, LOUD = 8000, 440, 8000
LIMITS = replace(Limits(), cpu=int(LONGEST_TEST), wall=int(LONGEST_TEST))


def specimen() -> bytes:
    """A second of a tone, as a telephone system writes it; nobody's voice."""
    samples = (int(LOUD * math.sin(2 * math.pi * TONE * at / RATE)) for at in range(RATE))
    out = io.BytesIO()
    with wave.open(out, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(RATE)
        sound.writeframes(struct.pack(f"<{RATE}h", *samples))
    return out.getvalue()


def try_listening(*, by: User) -> str:
    """By the child that listens to those of customers, within the same limits and less time."""
    can_try_channels.require(by, None)
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "test.wav"
        path.write_bytes(specimen())
        try:
            heard = hear(path, limits=LIMITS)
        except Unheard as fault:
            raise Refused(_why(fault)) from fault
    if abs(heard.seconds - 1) > 0.01:
        raise Refused(_("分析出的时长不对：%(seconds)s 秒") % {"seconds": heard.seconds})
    return _("1 秒的测试录音分析完成，用时 %(seconds)s 秒") % {
        "seconds": f"{time.monotonic() - began:.1f}"
    }


def _why(fault: Unheard) -> str:
    if fault.why in ("timeout", "cpu"):
        return _("没有在 %(seconds)s 秒内完成，机器可能太忙") % {"seconds": LIMITS.wall}
    return _("分析录音的子进程没有完成（%(why)s）") % {"why": fault.why}


def try_transcriber(transcriber: Transcriber, *, by: User) -> str:
    """The same second goes to the service, as recordings do; what it answers is not kept."""
    can_try_channels.require(by, None)
    try:
        with posting.within(LONGEST_TEST):
            segments_of(posted(transcriber, "sound.wav", "audio/wav", specimen()), 0, 1, "other")
    except Untold as fault:
        told = fault.sentence
    except Unwritten:
        told = _("转写服务的回答不是约定的格式")
    else:
        told = ""
    now = moment.now()
    fields = {"error": told, "failed_at": now if told else None}
    if not told:
        fields["worked_ok_at"] = now
    Transcriber.objects.filter(pk=transcriber.pk).update(**fields)
    if told:
        raise Refused(told)
    return _("转写服务接受了 1 秒的测试录音")
