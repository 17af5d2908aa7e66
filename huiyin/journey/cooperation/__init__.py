"""Cooperation (协办): tasks to departments, stores, suppliers and carriers, each with its own clock.

In: What.DISPATCHED, CLOCK_MISSED. Out: What.TASK_SENT to TASK_LATE.
"""
