"""Knowledge (知识): articles, clauses, laws, scripts; versions, review, audience, search.

Knows nothing of complaints: what is quoted where is told by `journey/guidance`.
"""
