"""Privacy (隐私): masking, the log of every unmasking, notices and their versions.

In: nothing. Out: nothing.
"""
