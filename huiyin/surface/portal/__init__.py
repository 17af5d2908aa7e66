"""The portal (门户): a customer complains, follows, adds, urges and judges, without an account.

In: What.RECEIVED (mails number and code). Out: nothing; what a customer does is
an act of the stage that owns it.
"""
