"""Improvement (整改): causes become actions, checked by another person, their effect counted.

In: nothing. Out: What.IMPROVEMENT_OPENED, IMPROVEMENT_DONE, IMPROVEMENT_VERIFIED,
IMPROVEMENT_SENT_BACK, EFFECT_CHECKED.
"""
