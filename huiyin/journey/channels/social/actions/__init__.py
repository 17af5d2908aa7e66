"""The verbs of social media: hearing people, keeping posts, answering in public, fetching files."""

from huiyin.journey.channels.social.actions.answering import (
    answer_publicly,
    move_private,
    turn_back,
)
from huiyin.journey.channels.social.actions.bringing import bring, prepare
from huiyin.journey.channels.social.actions.files import fetch_again, fetch_due, lanes_of_files
from huiyin.journey.channels.social.actions.hearing import Said, hear, note_following
from huiyin.journey.channels.social.actions.naming import lanes_of_naming, name_due
from huiyin.journey.channels.social.actions.polling import lanes_of_polling, poll_due
from huiyin.journey.channels.social.actions.posts import Posted, take_post

__all__ = [
    "Posted",
    "Said",
    "answer_publicly",
    "bring",
    "fetch_again",
    "fetch_due",
    "hear",
    "lanes_of_files",
    "lanes_of_naming",
    "lanes_of_polling",
    "move_private",
    "name_due",
    "note_following",
    "poll_due",
    "prepare",
    "take_post",
    "turn_back",
]
