"""Work time (工作时间): calendars, shifts, holidays, 调休, and the arithmetic of deadlines.

In: nothing. Out: nothing.
"""
