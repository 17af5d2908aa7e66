"""Routing (派单): rules, people, duty; take, sign for, hand over, pull back, ring, own, wait, urge.

In: What.RECEIVED, TRIAGED, RECLASSIFIED, BARRED. Out: What.DISPATCHED, ACCEPTED, RETURNED,
HANDED_OVER, PULLED_BACK, RUNG, RING_PASSED, OWNER_CHANGED, WAITED, RESUMED, URGED, ESCALATED.
"""
