"""The verbs of mail."""

from huiyin.journey.channels.mail.actions.arriving import arrive, arrive_due
from huiyin.journey.channels.mail.actions.keeping import keep
from huiyin.journey.channels.mail.actions.receiving import fetch, watch
from huiyin.journey.channels.mail.actions.returning import returned
from huiyin.journey.channels.mail.actions.sending import send_held

__all__ = ["arrive", "arrive_due", "fetch", "keep", "returned", "send_held", "watch"]
