"""Demo (演示): sixty days of complaints written for this product, lived through in seconds.

In: nothing. Out: nothing of its own; every line is written by the acts of the stages.
"""
