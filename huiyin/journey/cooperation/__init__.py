"""Cooperation (协办): tasks to departments, stores, suppliers, carriers, each with its own clock.

In: What.CLOCK_MISSED of a task, every end of a complaint. Out: What.TASK_SENT to TASK_LATE.
"""
