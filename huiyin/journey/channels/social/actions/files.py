"""Files of messages: fetched by the worker from where they lie, within limits, kept as evidence."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from datetime import timedelta
from functools import partial

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.db.models import QuerySet

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.refusal import Refused
from huiyin.ground.sentence import sentence as _
from huiyin.journey.channels.hooks.connector import connector_of
from huiyin.journey.channels.social.models import File
from huiyin.journey.channels.social.permissions import can_fetch_again
from huiyin.journey.channels.social.words import FileState
from huiyin.journey.conversation import actions as conversation
from huiyin.journey.conversation.actions import Undelivered
from huiyin.journey.conversation.actions.writing import not_sealed
from huiyin.journey.conversation.words import Source

logger = logging.getLogger(__name__)

LARGEST = 20 * 1024 * 1024
TRY_AGAIN_AFTER = (1, 5, 15, 45)  # minutes
TAKEN_FOR = timedelta(minutes=3)
MOST_A_RUN = 100


def lanes_of_files() -> dict[str, Callable[[], int]]:
    """The systems that files are due of: each is asked by itself."""
    found = _due().order_by().values_list("hook", flat=True).distinct()
    return {str(pk): partial(fetch_due, of=pk) for pk in found}


def fetch_due(*, of: int | None = None) -> int:
    """All that are due, or those of one system; of two workers each file is fetched by one."""
    done = 0
    while done < MOST_A_RUN and (file := _taken(of)) is not None:
        _fetch(file)
        done += 1
    return done


def _due() -> QuerySet[File]:
    waiting = File.objects.filter(state=FileState.WAITING, next_try_at__lte=moment.now())
    return waiting.order_by("next_try_at", "pk")


@transaction.atomic
def _taken(of: int | None) -> File | None:
    due = _due() if of is None else _due().filter(hook=of)
    file = due.select_for_update(skip_locked=True, of=("self",)).select_related("hook").first()
    if file is not None:
        file.tries += 1
        file.next_try_at = moment.now() + TAKEN_FOR
        file.save(update_fields=["tries", "next_try_at"])
    return file


def _fetch(file: File) -> None:
    connector = connector_of(file.hook.connector)
    try:
        if connector is None or not hasattr(connector, "fetch"):
            raise Undelivered(_("没有安装这种接入"), final=True)
        name, data = connector.fetch(file.hook, file.source)
        wanted = str(file.source.get("sha256", "")).lower()
        if wanted and hashlib.sha256(data).hexdigest() != wanted:
            raise Undelivered(_("取回的文件与对方给的校验值不符"))
        _keep(file, name, data)
    except Refused as refusal:  # our own rules do not take such a file
        _settle(file, FileState.FAILED, str(refusal.sentence))
    except Undelivered as missed:
        _later(file, str(missed), final=missed.final)
    except Exception as error:
        logger.exception("file %s could not be fetched", file.pk)
        _later(file, f"{type(error).__name__}")


@transaction.atomic
def _keep(file: File, name: str, data: bytes) -> None:
    held = File.objects.select_for_update(of=("self",)).select_related("complaint", "message")
    file = held.get(pk=file.pk)
    if file.state != FileState.WAITING:
        return
    file.evidence = conversation.keep_evidence(
        file.complaint,
        by=User.objects.system(),
        upload=SimpleUploadedFile(name, data),
        message=file.message,
        internal=False,
        described=conversation.Description(source=Source.CUSTOMER),
    )
    file.state, file.error = FileState.KEPT, ""
    file.save(update_fields=["state", "error", "evidence"])


def _later(file: File, why: str, *, final: bool = False) -> None:
    if final or file.tries > len(TRY_AGAIN_AFTER):
        _settle(file, FileState.FAILED, why)
        return
    wait = timedelta(minutes=TRY_AGAIN_AFTER[file.tries - 1])
    waiting = File.objects.filter(pk=file.pk, state=FileState.WAITING)
    waiting.update(next_try_at=moment.now() + wait, error=why)


@transaction.atomic
def fetch_again(file: File, *, by: User) -> None:
    """Try one that was given up once more. Of two at once one does."""
    can_fetch_again.require(by, file)
    not_sealed(file.complaint)
    failed = File.objects.filter(pk=file.pk, state=FileState.FAILED)
    if not failed.update(state=FileState.WAITING, tries=0, next_try_at=moment.now(), error=""):
        raise Refused(_("这个文件已经在取或已经取到，请刷新查看"))


def _settle(file: File, state: str, why: str) -> None:
    File.objects.filter(pk=file.pk, state=FileState.WAITING).update(state=state, error=why)
