"""Printing (打印): the font that papers are drawn with, and which text it can draw.

In: nothing. Out: nothing.
"""
