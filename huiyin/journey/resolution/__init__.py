"""Resolution (方案): what is offered, on what basis, within whose authority, and that it is done.

In: nothing. Out: What.PROPOSED, APPROVED, DENIED, AGREED, DECLINED, EXECUTED.
"""
