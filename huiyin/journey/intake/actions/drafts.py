"""Drafts: nothing typed is ever lost. A draft and its files belong to its writer alone (V36)."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Q

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.refusal import Invalid, Refused
from huiyin.ground.sentence import sentence as _
from huiyin.journey.conversation import actions as conversation
from huiyin.journey.conversation import rules as conversation_rules
from huiyin.journey.intake.models import Draft, DraftFile, new_file_key
from huiyin.journey.intake.permissions import can_register

LARGEST_DRAFT = 200_000  # bytes of JSON; a full form with 20,000 characters has about 80,000
MOST_DRAFTS = 50  # per person
MOST_FILES = 20  # per draft
KEPT_FOR = timedelta(days=30)
KEPT_AGAIN_FOR = timedelta(days=1)  # after it was registered


@transaction.atomic
def save_draft(key: UUID, *, by: User, content: dict[str, Any]) -> Draft:
    """Keep what is typed so far, under a key that the writer's own page chose."""
    can_register.require(by, None)
    written = json.dumps(content, ensure_ascii=False)
    if len(written.encode("utf-8", "replace")) > LARGEST_DRAFT:
        raise Invalid(_("草稿太长，无法保存，请精简内容或改为上传附件"))
    if "\\u0000" in json.dumps(content):
        raise Invalid(_("内容里有无法保存的字符，请删除后重新输入"))
    if done := Draft.objects.written_by(by).filter(key=key).exclude(registered_at=None).first():
        return done  # what a page keeps by itself may come late
    now = moment.now()
    draft, made = Draft.objects.update_or_create(
        user=by,
        key=key,
        defaults={"content": content, "updated_at": now},
        create_defaults={"content": content, "updated_at": now, "created_at": now},
    )
    if made and Draft.objects.of(by).count() > MOST_DRAFTS:
        raise Refused(_("草稿太多了，请先登记或删除一些旧草稿"))
    return draft


def registered(draft: Draft) -> None:
    """It is a complaint now, or part of one. Forgotten tomorrow: until then the same form, sent
    again because the answer was lost, is found to be the same."""
    Draft.objects.filter(pk=draft.pk).update(registered_at=moment.now())


def discard(draft: Draft) -> None:
    """Forget a draft and the bytes of its files."""
    paths = [path_of(file.key) for file in draft.files.all()]
    draft.delete()
    transaction.on_commit(lambda: _unlink(paths))


def _unlink(paths: list[Path]) -> None:
    for path in paths:
        path.unlink(missing_ok=True)


def path_of(key: str) -> Path:
    return Path(settings.EVIDENCE_DIR) / "drafts" / key[:2] / key


def add_file(draft: Draft, *, upload: UploadedFile[Any], field_key: str = "") -> DraftFile:
    """Keep a file with the draft; the same checks as for evidence."""
    name = conversation_rules.safe_name(upload.name or "")
    if draft.files.count() >= MOST_FILES:
        raise Refused(_("一次最多 %(most)s 个文件，其余可在登记后补充") % {"most": MOST_FILES})
    head = upload.read(conversation_rules.HEAD)
    upload.seek(0)
    verdict = conversation_rules.judge_file(name, upload.size or 0, head)
    if verdict.refusal:
        sentence = conversation.refusal_of_file(name, verdict.refusal)
        raise Invalid(sentence, files=sentence)
    key = new_file_key()
    target = path_of(key)
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with os.fdopen(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
        for chunk in upload.chunks():
            file.write(chunk)
    return DraftFile.objects.create(
        key=key,
        draft=draft,
        field_key=field_key[:40],
        name=name,
        size=upload.size or 0,
        at=moment.now(),
    )


def drop_file(file: DraftFile) -> None:
    path = path_of(file.key)
    file.delete()
    transaction.on_commit(lambda: path.unlink(missing_ok=True))


@contextmanager
def draft_files(draft: Draft | None) -> Iterator[dict[str, UploadedFile[Any]]]:
    """The files of a draft, open, by key, as `register_once` takes them."""
    with ExitStack() as stack:
        yield {
            file.key: UploadedFile(
                stack.enter_context(path_of(file.key).open("rb")), file.name, size=file.size
            )
            for file in (draft.files.all() if draft else ())
            if path_of(file.key).is_file()
        }


def sweep_drafts() -> int:
    """Forget drafts untouched for 30 days, and registered ones. Safe to run at any time, twice."""
    now = moment.now()
    untouched = Q(updated_at__lt=now - KEPT_FOR)
    old = Draft.objects.filter(untouched | Q(registered_at__lt=now - KEPT_AGAIN_FOR))[:500]
    count = 0
    for draft in old:
        discard(draft)
        count += 1
    return count
