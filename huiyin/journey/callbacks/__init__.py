"""Call-backs (回电): whom somebody must call, why, by when; tries, appointments, what was said.

In: nothing. Out: What.CALLBACK_ASKED, CALLBACK_TRIED, CALLBACK_DONE, CALLBACK_CANCELLED.
"""
