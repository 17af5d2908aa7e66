"""What is documented is so, and what is so is documented."""

from __future__ import annotations

import re
from pathlib import Path

from huiyin import settings
from huiyin.journey.complaint.events import flow
from huiyin.journey.complaint.words import What
from huiyin.surface.operation.reference_page import page

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


def test_the_reference_page_is_what_the_code_says():
    written = (ROOT / "docs/reference.md").read_text(encoding="utf-8")
    assert written == page(), "run: python3 dev.py manage reference_page"


def test_every_stage_has_a_page():
    stages = {app.split(".")[-1] for app in settings.HUIYIN_APPS}
    without = {"search", "web", "bench"}  # told in ARCHITECTURE.md and performance.md
    assert {s for s in stages - without if not (ROOT / f"docs/{s}.md").exists()} == set()


def test_every_link_of_the_docs_leads_somewhere():
    broken = []
    for page_ in [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]:
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page_.read_text(encoding="utf-8")):
            if not (page_.parent / target).exists():
                broken.append((page_.name, target))
    assert broken == []
