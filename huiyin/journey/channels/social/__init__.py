"""Social media (社交媒体): connectors for accounts of ours, conversations there, posts about us.

In: nothing. Out: POSTED_PUBLICLY, MOVED_PRIVATE.
"""
