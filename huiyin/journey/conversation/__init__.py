"""Conversation (往来): messages in and out, internal notes, evidence, letters on their way.

In: nothing. Out: What.CUSTOMER_WROTE, REPLIED, REPLY_PLANNED, REPLY_UNDONE, NOTED, EVIDENCE_ADDED.
"""
