"""The environment that Django gets: where the database is, the secrets, the switches."""

import json
import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from launcher.places import ROOT, Places

LOOPBACK = {"127.0.0.1", "localhost", "::1"}


def for_django(
    places: Places, database_url: str, *, demo: bool = False, **more: str
) -> dict[str, str]:
    """Environment variables for everything we start; what the caller has set himself wins."""
    ours = {
        "DJANGO_SETTINGS_MODULE": "huiyin.settings",
        "HUIYIN_SECRET_KEY": _secret(places, "HUIYIN_SECRET_KEY"),
        **more,
    }
    decided = {
        "DATABASE_URL": database_url,
        "HUIYIN_DATA": str(places.data),
        "HUIYIN_DEMO": "1" if demo else "0",
        "HUIYIN_NODE_MODULES": str(places.node_modules),
        "PYTHONPATH": os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")])),
        "PYTHONUTF8": "1",
        "PYTHONUNBUFFERED": "1",
    }
    return ours | dict(os.environ) | decided


def _secret(places: Places, name: str) -> str:
    """A secret made at the first start and kept in the data, readable by its owner only."""
    file = places.data / "secrets.json"
    kept: dict[str, str] = json.loads(file.read_text()) if file.exists() else {}
    if name not in kept:
        kept[name] = secrets.token_urlsafe(48)
        write_private(file, kept)
    return kept[name]


def write_private(file: Path, content: Mapping[str, object]) -> None:
    """Write JSON for the owner's eyes only, all or nothing."""
    fresh = file.with_name(f".{file.name}.{os.getpid()}")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        json.dump(content, out, ensure_ascii=False, indent=1)
        out.flush()
        os.fsync(out.fileno())
    fresh.replace(file)
