"""Inbox (待我审批): whatever waits for somebody's decision, of all stages, in one list.

In: nothing. Out: nothing of its own; a decision is the act of the stage whose matter it is.
"""
