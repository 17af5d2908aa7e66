"""Conditions (条件): attribute, operator, value, nested all/any; learned once, used everywhere.

Pure grammar here; what a complaint can be asked for is told by those who own the facts.
"""
