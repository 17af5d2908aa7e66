"""Call-backs, each try at one, and what is said in them."""

from huiyin.journey.callbacks.models.callbacks import Callback, CallbackQuerySet, Try
from huiyin.journey.callbacks.models.scripts import Script

__all__ = ["Callback", "CallbackQuerySet", "Script", "Try"]
