"""Consent (确认): the customer accepts an option by link, recording, signature or word.

In: nothing. Out: What.CONSENT_SENT, CONSENTED, CONSENT_WITHDRAWN, TALK_WANTED.
"""
