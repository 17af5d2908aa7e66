"""Guidance (指引): what knowledge says for this complaint; what was quoted, and whether it helped.

In: nothing. Out: nothing.
"""
