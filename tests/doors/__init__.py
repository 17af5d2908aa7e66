"""Who gets in where: one row for each route of the URLconf and each operation of the API. A row
stands with the part of the house that answers; a name that two of them had would be lost, so the
test refuses it."""

from tests.doors import channels, ground, handling, learning, receiving, surface
from tests.doors.kinds import EVERYBODY, STAFF, Anyone, Complaints, Nobody, Only, SignedIn, only

__all__ = [
    "DOORS",
    "EVERYBODY",
    "PARTS",
    "STAFF",
    "Anyone",
    "Complaints",
    "Nobody",
    "Only",
    "SignedIn",
    "only",
]

PARTS = (ground, receiving, channels, handling, learning, surface)
DOORS: dict[str, object] = {name: row for part in PARTS for name, row in part.DOORS.items()}
