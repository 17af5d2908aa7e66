"""Routing (派单): which team, which person; take, sign for, hand over, return, wait, urge.

In: What.TRIAGED, RECLASSIFIED. Out: What.DISPATCHED, ACCEPTED, RETURNED, HANDED_OVER, WAITED,
RESUMED, URGED, ESCALATED.
"""
