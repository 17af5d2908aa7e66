"""What people do at the door: register, say once more, keep a draft."""

from huiyin.ground.customers.actions import Contact
from huiyin.journey.intake.actions.drafts import (
    MOST_DRAFTS,
    add_file,
    discard,
    draft_files,
    drop_file,
    registered,
    save_draft,
    sweep_drafts,
)
from huiyin.journey.intake.actions.register import (
    Circumstances,
    Registration,
    contacted_again,
    register,
    register_once,
)

__all__ = [
    "MOST_DRAFTS",
    "Circumstances",
    "Contact",
    "Registration",
    "add_file",
    "contacted_again",
    "discard",
    "draft_files",
    "drop_file",
    "register",
    "register_once",
    "registered",
    "save_draft",
    "sweep_drafts",
]
