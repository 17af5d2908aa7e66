"""Oversight (看板): what burns now, for those who answer for a team or for the house.

In: nothing. Out: nothing; it only reads, and only what its reader may see.
"""
