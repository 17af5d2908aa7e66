"""What a door (`Via`) tells of whoever came through it. Pure."""

from __future__ import annotations

from huiyin.journey.intake.words import Via

# Somebody of ours, or a program we trust, vouches for what is typed.
VOUCHED = frozenset({Via.STAFF, Via.COUNTER, Via.API, Via.IMPORT, Via.CHAT_KNOWN})
# Whoever came types his own name, number and address, and nothing shows that they are his: he is
# told the number and code where he types, and by a mail of fixed words to the address he typed.
SELF_TYPED = frozenset({Via.PORTAL, Via.CHAT})
# Required custom fields are asked for: there is somebody, or a program, to answer.
ASKED_FOR_ALL = frozenset({Via.STAFF, Via.API})


def is_vouched(via: str) -> bool:
    """Whether name and contact points may become part of the record of whoever owns them (V62)."""
    return via in VOUCHED


def is_thanked(via: str) -> bool:
    """Whether an acknowledgement goes by the way that reaches the customer. People in a file of
    old complaints wrote long ago, and who typed himself has been told (`SELF_TYPED`)."""
    return via != Via.IMPORT and via not in SELF_TYPED


def is_thanked_seldom(via: str) -> bool:
    """Nobody vouches for the sender, so the acknowledgements to one address are few: forged ones,
    and a machine that answers each of ours, are no reason to send more (V57, V58)."""
    return via not in VOUCHED


def is_old(via: str) -> bool:
    """A file of old complaints is no news."""
    return via == Via.IMPORT
