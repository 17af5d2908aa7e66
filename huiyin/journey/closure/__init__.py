"""Closure (闭环): result told, call-back, closing with cause and liability, reopening, archive.

In: What.CUSTOMER_JUDGED (by the portal). Out: What.FED_BACK, VISITED, REWORKED, CLOSED, REOPENED,
ARCHIVED, WITHDRAWN, CANCELLED, ALTERNATIVES_TOLD, MEDIATION_BEGUN, MEDIATION_ENDED, CASE_PROPOSED.
"""
