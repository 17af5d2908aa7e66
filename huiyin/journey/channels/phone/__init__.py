"""Phone (电话): what the telephone system tells of calls, and the call bar beside the work.

In: nothing. Out: CALLED, CALL_DROPPED, LONG_HOLD, ABUSE_WARNED, ABUSE_ENDED.
"""
