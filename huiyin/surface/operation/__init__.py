"""Operation (运维): the commands with which the product is run. No pages.

In: nothing. Out: nothing.
"""
