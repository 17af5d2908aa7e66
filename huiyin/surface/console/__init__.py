"""Console (管理): everything that can be set without code, each change with who, what and when.

In: nothing. Out: nothing.
"""
