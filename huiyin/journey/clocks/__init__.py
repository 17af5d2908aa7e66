"""Clocks (时限): policies, one clock per limit, warnings before and misses after.

In: What.TRIAGED, RECLASSIFIED, DISPATCHED, ACCEPTED, REPLIED, WAITED, RESUMED, EXECUTED, FED_BACK,
VISITED, REWORKED, REOPENED and every end. Out: What.CLOCK_WARNED, CLOCK_MISSED.
"""
