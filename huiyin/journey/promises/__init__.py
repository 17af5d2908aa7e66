"""Promises (承诺): found in what we say, confirmed, kept or broken; one ledger of them all.

In: nothing. Out: What.PROMISED, PROMISE_KEPT, PROMISE_BROKEN, PROMISE_MOVED, PROMISE_RELEASED.
"""
