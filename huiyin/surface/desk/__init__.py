"""Desk (部门工作台): the pages of tasks for departments and those who ask them; the directory; the
page of an outsider who has a link.
"""
