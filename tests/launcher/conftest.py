"""Real processes in a folder with blanks and Chinese characters, as on somebody's own machine."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from launcher.places import ROOT, Places
from launcher.postgres import Cluster

FOREIGN = ("DATABASE_URL", "HUIYIN_DATA", "HUIYIN_DEMO", "HUIYIN_SECRET_KEY", "HUIYIN_POOL")


@pytest.fixture
def folder() -> Iterator[Path]:
    made = Path(tempfile.mkdtemp(prefix="回音 测试 "))
    made.chmod(0o711)  # as root, PostgreSQL runs as another user and passes through here
    yield made
    shutil.rmtree(made, ignore_errors=True)


@pytest.fixture
def places(folder: Path) -> Places:
    tools = Path(os.environ.get("HUIYIN_TOOLS", ROOT))
    return Places(data=folder, tools=tools)


@pytest.fixture
def cluster(places: Places) -> Iterator[Cluster]:
    made = Cluster(places.data / "postgres", places, durable=False)
    yield made
    made.destroy()


@pytest.fixture
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in FOREIGN:
        monkeypatch.delenv(name, raising=False)


def until(happened: Callable[[], object], seconds: float = 15.0) -> None:
    limit = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < limit, "waited in vain"
        time.sleep(0.05)
