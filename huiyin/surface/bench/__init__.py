"""Bench (压测): plausible rows in any number, and what the product does under them.

In: nothing. Out: nothing; the rows are written as the stages would have written them.
"""
