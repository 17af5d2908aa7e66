"""What is folded into one line, and what is unread."""

from __future__ import annotations

from datetime import datetime

from huiyin.surface.workbench.story.entries import Entry

FOLD_FROM = 3  # so many machine events in a row become one line


def mark_unread(entries: list[Entry], since: datetime) -> None:
    for entry in entries:
        entry.unread = entry.at > since and not entry.mine
    first = next((entry for entry in entries if entry.unread), None)
    if first:
        first.first_unread = True


def folded(entries: list[Entry]) -> list[Entry]:
    """Machine events that follow one another as one entry, unless something in it is unread or can
    be unfolded itself."""
    told: list[Entry] = []
    run: list[Entry] = []

    def end_run() -> None:
        if len(run) >= FOLD_FROM:
            told.append(
                Entry(
                    at=run[0].at,
                    kind="fold",
                    key=f"f{run[0].key}",
                    by=run[-1].by,
                    text=_in_short(run),
                    icon="settings-2",
                    inside=list(run),
                )
            )
        else:
            told.extend(run)
        run.clear()

    for entry in entries:
        if entry.kind == "event" and entry.by_machine and not entry.unread and not entry.chat:
            run.append(entry)
        else:
            end_run()
            told.append(entry)
    end_run()
    return told


def _in_short(run: list[Entry]) -> str:
    acts = dict.fromkeys(entry.text.split(" · ")[0] for entry in run)
    return "、".join(acts)
