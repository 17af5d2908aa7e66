"""The dossier (卷宗): the case file and the follow-up form, to print and as PDF.

In: nothing. Out: nothing.
"""
