"""Search (检索): Chinese text as overlapping pairs of characters, so 退款 is found by an index.

In: nothing. Out: nothing.
"""
