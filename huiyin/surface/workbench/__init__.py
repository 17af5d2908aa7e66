"""Workbench (工作台): an agent's day. Queue, registration, complaint page, command palette.

In: nothing. Out: nothing; every act belongs to a stage.
"""
