"""Surveys (满意度调查): designed in the product, sent by rules, answered by link, counted.

In: What.CLOSED, FED_BACK, VISITED. Out: What.SURVEY_SENT, SURVEY_ANSWERED.
"""
