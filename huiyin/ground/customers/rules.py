"""One spelling for each contact point, so that one person is found again. Pure."""

from __future__ import annotations

import re
import unicodedata

import phonenumbers

HOME_REGION = "CN"
# A service number (400, 95xxx, 12345) is nobody's own phone but is typed all the same.
SHORT_NUMBER = re.compile(r"\d{3,12}")
MOBILE = re.compile(r"\+861\d{10}")
ADDRESS_LEAST, ADDRESS_MOST = 5, 200  # characters where a letter goes to
EMAIL = re.compile(r"[^@\s,;<>\"']{1,64}@[^@\s,;<>\"']{1,190}\.[^@\s.,;<>\"']{2,60}")


def folded(text: str) -> str:
    """Full-width letters and digits as ordinary ones, no blanks around, no control characters."""
    plain = unicodedata.normalize("NFKC", text)
    return "".join(c for c in plain if unicodedata.category(c)[0] != "C").strip()


def same_name(one: str, other: str) -> bool:
    """Whether two people write themselves alike; who gives no name is like nobody."""
    plain = folded(one).casefold()
    return bool(plain) and plain == folded(other).casefold()


def normalise_phone(typed: str) -> str:
    """E.164 ("+8613800138000"), or the digits of a short number; "" when it is no number.

    Takes full-width digits, blanks, dashes, brackets, +86 and 0086. An extension (转 3) tells
    people of one office line apart; after a mobile number it says nothing.
    """
    text = re.sub(r"转|分机", " ext. ", folded(typed)[:40])
    digits = re.sub(r"\D", "", text)
    if len(digits) < 3:
        return ""
    try:
        number = phonenumbers.parse(text, HOME_REGION)
    except phonenumbers.NumberParseException:
        return digits if SHORT_NUMBER.fullmatch(digits) else ""
    if phonenumbers.is_possible_number(number):
        value = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
        plain = MOBILE.fullmatch(value) or not number.extension
        return value if plain else f"{value}x{number.extension}"
    return digits if SHORT_NUMBER.fullmatch(digits) else ""


def normalise_email(typed: str) -> str:
    """Lower case throughout; "" when it is no address.

    The local part may be case-sensitive by RFC 5321, yet no provider in use treats it so.
    """
    text = folded(typed)[:254].lower()
    return text if EMAIL.fullmatch(text) else ""


def normalise(kind: str, typed: str) -> str:
    """The one spelling of a contact point of any kind; "" when it cannot be one."""
    if kind == "phone":
        return normalise_phone(typed)
    if kind == "email":
        return normalise_email(typed)
    return folded(typed)[:200].lower()


def shown_phone(normalised: str) -> str:
    """As people dial it at home: 138 0013 8000, 010 6552 1234; foreign numbers international."""
    if not normalised.startswith("+86"):
        return normalised
    if MOBILE.fullmatch(normalised):
        return f"{normalised[3:6]} {normalised[6:10]} {normalised[10:]}"
    value, _x, extension = normalised.partition("x")
    number = phonenumbers.parse(value, HOME_REGION)
    shown = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)
    return f"{shown} 转 {extension}" if extension else shown


def address_key(shown: str, customer: int) -> str:
    """What is compared of an address: with whose it is, since several people live at one."""
    return f"{' '.join(shown.split()).lower()[:220]} #{customer}"
