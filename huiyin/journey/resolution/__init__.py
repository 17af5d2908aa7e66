"""Resolution (方案): what is offered, on what basis, within whose authority, and that it is done.

In: What.BARRED, UNBARRED. Out: What.PROPOSED, SIGNED, APPROVED, DENIED, OFFER_CHANGED, COUNTERED,
AGREED, DECLINED, EXECUTED.
"""
