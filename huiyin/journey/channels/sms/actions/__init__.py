"""The verbs of text messages: hearing them, sending them, looking into folders."""

from huiyin.journey.channels.sms.actions.checking import check_reply
from huiyin.journey.channels.sms.actions.hearing import Incoming, hear
from huiyin.journey.channels.sms.actions.looking import lanes_of_folders, look_into_folders
from huiyin.journey.channels.sms.actions.sending import provider, send

__all__ = [
    "Incoming",
    "check_reply",
    "hear",
    "lanes_of_folders",
    "look_into_folders",
    "provider",
    "send",
]
