"""Investigation (核实): what was found, what caused it, who answers for it.

In: nothing. Out: What.FOUND. Tasks to other departments come in an issue of their own.
"""
