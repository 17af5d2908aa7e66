"""A gateway that puts texts into a folder, whole files only."""

from __future__ import annotations

import os
import threading
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.channels.feeders.base import Feeder, dumped, hook
from tests.channels.feeders.signed import texts_of
from tests.channels.house import House


@dataclass
class Folder(Feeder):
    folder: Path

    @property
    def setup(self) -> str:  # type: ignore[override]
        return hook(self.name, "sms_files", {"sign": "云朵"})

    @property
    def query(self) -> str:
        return texts_of(self.name)

    @property
    def inside(self) -> Path:
        return self.folder / "in"

    def send(self, client: httpx.Client, n: int) -> bool:
        """Its names begin anew again and again, as those of a gateway do that is restarted; it
        waits until the one before is gone."""
        said = {"kind": "message", "id": f"f{n}", "from": f"133{n:08d}", "text": self.words(n)}
        self.inside.mkdir(parents=True, exist_ok=True)
        part = self.inside / f"{threading.get_ident()}.part"
        part.write_bytes(dumped(said))
        try:
            os.link(part, self.inside / f"{n % 20}.json")
        except FileExistsError:
            return False
        finally:
            part.unlink()
        return True

    def waits(self, house: House) -> bool:
        return any(self.inside.glob("*.json"))
