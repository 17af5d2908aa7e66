"""What all of them have in common."""

from __future__ import annotations

import json
import time
import uuid
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import Any, ClassVar

import httpx

from tests.channels.house import House

TAKEN = (200, 201)
WRONG = (400, 403, 404, 413, 422, 429)  # never: the harness would be at fault
COMPLAINTS = """
from huiyin.journey.complaint.models import Complaint
found = Complaint.objects.filter(**{where!r}).values_list("text", flat=True)
told = [text.rpartition("\\n")[2] for text in found]
"""
USER = """
from huiyin.ground.people.models import ApiToken, User
user = User.objects.create_user({name!r}, "correct horse", name={name!r}, roles={roles!r})
token = ApiToken.issue(user, "harness")[1]
told = {{"name": {name!r}, "token": token}}
"""
HOOK = """
from huiyin.ground import moment
from huiyin.journey.channels.hooks.models import Hook
hook = Hook(code={code!r}, name={code!r}, connector={kind!r}, options={options!r})
hook.keep_secrets(**{secrets!r})
hook.save()
told = {{"key": hook.keys(moment.now())[0].hex()}}
"""


@dataclass
class Feeder(ABC):
    name: str
    told: dict[str, Any] = field(default_factory=dict, init=False)  # by `setup`
    setup = ""  # code that runs in the house before the first message
    where: ClassVar[dict[str, Any] | None] = None  # which complaints are of its messages

    def words(self, n: int) -> str:
        return f"{self.name} 第 {n} 件事：电饭煲坏了，要求退款"

    def key(self, n: int) -> str:
        """The key of message n, at each try the same."""
        return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{self.name}/{n}"))

    @abstractmethod
    def send(self, client: httpx.Client, n: int) -> bool:
        """Whether it was acknowledged. May be called again with the same n, whatever came of it."""

    def waits(self, house: House) -> bool:
        """Whether something is still outside that the house has to fetch."""
        return False

    @property
    def query(self) -> str:
        """Code that puts into `told` the words of each message, as often as it is there."""
        return COMPLAINTS.format(where=self.where or {"channel": self.name})


def hook(code: str, kind: str, options: dict[str, str], **secrets: str) -> str:
    return HOOK.format(code=code, kind=kind, options=options, secrets=secrets)


def user(name: str, *roles: str) -> str:
    return USER.format(name=name, roles=list(roles))


def dumped(told: object) -> bytes:
    return json.dumps(told, ensure_ascii=False).encode()


def now() -> int:
    return int(time.time())
