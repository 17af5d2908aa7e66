"""Conditions: the grammar on paper, and the same questions to objects and to the table."""
