"""Channels (渠道): how each of them is, on one page, and a try of each; each gives its own rows
(`settings.CHANNELS`). The API as a way in has its row here (`programs.py`).

In: rows of the channels. Out: nothing.
"""
