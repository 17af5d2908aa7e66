"""Widgets of sites, chats with their lines and files, and who sits at the desk."""

from huiyin.journey.channels.chat.models.alarms import Alarm
from huiyin.journey.channels.chat.models.chats import Chat, ChatFile, Line, Mailed
from huiyin.journey.channels.chat.models.seats import Seat
from huiyin.journey.channels.chat.models.sites import Site, SiteField

__all__ = ["Alarm", "Chat", "ChatFile", "Line", "Mailed", "Seat", "Site", "SiteField"]
