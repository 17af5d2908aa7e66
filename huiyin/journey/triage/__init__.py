"""Triage (分级): decide what a complaint is about, how serious it is, and why we think so.

In: What.RECEIVED. Out: What.TRIAGED, What.RECLASSIFIED, What.REJECTED.
"""
