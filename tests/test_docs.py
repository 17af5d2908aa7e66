"""What is documented is so, and what is so is documented."""

from __future__ import annotations

import re
from pathlib import Path

from huiyin import settings
from huiyin.journey.complaint.events import flow
from huiyin.journey.complaint.words import What

ROOT = Path(__file__).parent.parent


def test_every_knob_stands_in_the_settings_page_with_its_default():
    page = (ROOT / "docs/settings.md").read_text()
    rows = dict(re.findall(r"^\| `(\w+)` \| (.+?) \|", page, re.MULTILINE))
    assert rows == {k.name: f"`{k.default}`" if k.default else "—" for k in settings.KNOBS}


def test_nothing_but_the_settings_reads_the_environment():
    readers = [
        path.relative_to(ROOT)
        for path in (ROOT / "huiyin").rglob("*.py")
        if "os.environ" in path.read_text() and path.name not in {"asgi.py", "wsgi.py"}
    ]
    assert readers == [Path("huiyin/settings.py")]


def test_every_event_has_a_line_in_the_flow():
    assert set(flow()) == set(What)
