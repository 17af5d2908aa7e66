"""What stands beside the registration form: everything the house knows of what is typed so far."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from huiyin.ground.people.models import User
from huiyin.journey.intake import known, rules
from huiyin.journey.intake.forms import asked
from huiyin.journey.intake.models import Draft

LONGEST_READ = 4000  # characters of the story that are read while it is typed


def hints(
    user: User,
    content: Mapping[str, Any],
    *,
    draft: Draft | None = None,
    faults: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """The variables of hints.html. Changes nothing."""
    said = {name: str(content.get(name) or "") for name in SAID}
    text = said["text"][:LONGEST_READ]
    met = known.acquaintance(user, phone=said["phone"], email=said["email"])
    category = said["category"]
    files = draft.files.all() if draft else ()
    fields = asked(content, category, faults=faults, files=files)
    complete = rules.completeness(
        {
            **said,
            "privacy_told": content.get("privacy_told"),
            "recording_told": content.get("recording_told"),
        },
        [(one.spec.label, one.is_filled) for one in fields if one.required],
    )
    return {
        "content": content,
        "met": met,
        "fields": fields,
        "complete": complete,
        "restated": rules.restated(text, said["wanted"]),
        "similar": known.similar_open(
            user,
            text=text,
            order_no=said["order_no"],
            phone=said["phone"],
            email=said["email"],
        ),
        "first_steps": [],
    }


SAID = (
    "phone",
    "name",
    "email",
    "order_no",
    "happened_on",
    "place",
    "concerning",
    "text",
    "category",
    "wanted",
    "channel",
)


def categories() -> list[tuple[str, list[tuple[str, str]]]]:
    """Groups of (code, label) to choose from."""
    return []
