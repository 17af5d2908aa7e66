"""Intake (受理): take a complaint in, completely, once, and never lose what was typed.

In: nothing. Out: What.RECEIVED.
"""
