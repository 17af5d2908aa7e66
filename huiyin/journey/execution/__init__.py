"""Execution (执行): steps to departments and outside systems, with proof, paid as agreed.

In: nothing. Out: What.STEP_SENT, STEP_DONE, STEP_FAILED, STEP_LATE, STEP_CANCELLED.
"""
