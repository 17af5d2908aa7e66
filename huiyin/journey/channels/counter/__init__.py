"""The counter (到店来访): a short form for a tablet, signed on the screen.

In: nothing. Out: AT_COUNTER.
"""
