"""Channels (渠道): how each of them is, on one page; each gives its own rows (`settings.CHANNELS`).

In: rows of the channels. Out: nothing.
"""
