"""A provider by files: texts that leave are written to a folder, what lies in another is read.

For gateways that read folders, for trials without a provider, and for the demonstration. Whole
files only: each is written under another name and then given its own.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext_lazy

from huiyin.ground import moment
from huiyin.ground.refusal import Invalid, Refused
from huiyin.ground.sentence import sentence as _
from huiyin.journey.channels.hooks.actions import keep, went_out
from huiyin.journey.channels.hooks.connector import Field, Request, Unsigned, Verified
from huiyin.journey.channels.hooks.models import Arrival, Hook
from huiyin.journey.channels.sms.actions.telling import take_told
from huiyin.journey.complaint.words import Channel
from huiyin.journey.conversation.actions import Undelivered

LABEL = gettext_lazy("短信（文件夹）")
CHANNEL = Channel.SMS
OUTWARD = True
LARGEST = 64 * 1024
FIELDS = (Field("sign", gettext_lazy("短信签名"), gettext_lazy("不写【】，例如 云朵客服")),)


def told(hook: Hook, address: str) -> str:
    return _("发出的写到 %(out)s，收到的从 %(in)s 读取，每条一个 JSON 文件") % {
        "out": f"sms/{hook.code}/out",
        "in": f"sms/{hook.code}/in",
    }


def verify(hook: Hook, request: Request, now: datetime) -> Verified:
    raise Unsigned  # nothing comes in by the web


def folder(hook: Hook, name: str) -> Path:
    place: Path = settings.SMS_DIR / hook.code / name
    place.mkdir(parents=True, exist_ok=True)
    return place


def send(hook: Hook, number: str, text: str, *, sign: str, template: str, key: str) -> str:
    given = {"id": key, "to": number, "text": text, "at": moment.now().isoformat()}
    try:
        _write(folder(hook, "out") / f"{key}.json", json.dumps(given, ensure_ascii=False))
    except OSError as error:
        went_out(hook, _("写不进短信文件夹"))
        raise Undelivered(_("写不进短信文件夹")) from error
    went_out(hook)
    return key


def _write(path: Path, text: str) -> None:
    """Whole or not at all; the same key again is the same file."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    Path(name).replace(path)


def look(hook: Hook) -> int:
    """Keep what lies there, and only then put it away: a death between the two costs nothing. Known
    by its bytes too: a gateway that was restarted may begin its names anew."""
    done = 0
    for path in sorted(folder(hook, "in").glob("*.json"))[:1000]:
        if path.is_symlink() or not path.is_file():
            continue
        with path.open("rb") as file:
            print_of = hashlib.file_digest(file, "sha256").hexdigest()
            file.seek(0)
            keep(hook, f"file:{path.name}:{print_of}", file.read(LARGEST + 1))
        _put_away(path, folder(hook, "done"), print_of)
        done += 1
    return done


def _put_away(path: Path, done: Path, print_of: str) -> None:
    """Gateways number their files anew each day: the same name with other words is another text,
    and nothing that lies there is written over."""
    place = done / f"{path.stem[:200]}.{print_of[:16]}.json"
    if place.exists():  # the same bytes under the same name
        path.unlink()
    else:
        path.replace(place)


def take(arrival: Arrival) -> str:
    if len(arrival.raw) > LARGEST:
        raise Invalid(_("文件太大"))
    try:
        given = arrival.data
    except (ValueError, RecursionError) as error:
        raise Invalid(_("内容不是 JSON")) from error
    return take_told(arrival, given)


def probe(hook: Hook) -> str:
    try:
        mark = folder(hook, "out") / ".probe"
        _write(mark, "")
        mark.unlink()
    except OSError as error:
        raise Refused(_("写不进短信文件夹")) from error
    return _("文件夹可读可写")
