"""What can wait for a decision: one line for each kind.

A stage gives `waiting_for(user)` and the act; here stands only how a row is told and decided.
"""

from huiyin.surface.inbox.kinds.clocks import EXTENSION, SUSPENSION
from huiyin.surface.inbox.kinds.improvements import IMPROVEMENT
from huiyin.surface.inbox.kinds.knowledge import REVIEW
from huiyin.surface.inbox.kinds.measures import MEASURE
from huiyin.surface.inbox.kinds.offers import OFFER
from huiyin.surface.inbox.kinds.shape import Data, Item, Kind
from huiyin.surface.inbox.kinds.signatures import SIGN_OFF
from huiyin.surface.inbox.kinds.tasks import DISPUTE, MORE_TIME

KINDS: tuple[Kind, ...] = (
    *(OFFER, EXTENSION, SUSPENSION, DISPUTE, MORE_TIME, MEASURE, IMPROVEMENT),
    *(SIGN_OFF, REVIEW),
)
BY_KEY: dict[str, Kind] = {kind.key: kind for kind in KINDS}

__all__ = ["BY_KEY", "KINDS", "Data", "Item", "Kind"]
