"""Notices (通知): what people are told, in which words, by which channel.

In: nearly every What, as `later` followers. Out: nothing.
"""
