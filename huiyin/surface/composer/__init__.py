"""The composer (方案编制): options that fit, calculators with their steps, how similar ones ended.

In: What.CLOSED, REOPENED (a precedent more, or one less). Out: nothing; an offer is the act of
`journey/resolution`.
"""
