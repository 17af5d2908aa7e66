"""The composer (方案编制): options that fit, calculators with their steps, how similar ones ended.

In: nothing. Out: nothing; an offer is the act of `journey/resolution`.
"""
