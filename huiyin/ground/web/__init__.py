"""The web (页面): frame, components, and how requests, refusals and languages are treated.

In: nothing. Out: nothing.
"""
