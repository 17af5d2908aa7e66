"""Text messages (短信): a port for providers, one by HTTP, one by files.

In: nothing. Out: nothing of its own.
"""
