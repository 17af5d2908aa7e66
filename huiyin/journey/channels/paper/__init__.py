"""Letters on paper (信件): scanned in, read, registered, answered by a letter to print.

In: nothing. Out: PAPER_REGISTERED, PAPER_SENT.
"""
