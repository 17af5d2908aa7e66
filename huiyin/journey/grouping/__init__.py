"""Grouping (并案): split, merge, link, mass incident, each undone for seven days.

In: What.CLOSED of a master. Out: What.SPLIT, MERGED, LINKED, INCIDENT_JOINED and their undoing.
"""
