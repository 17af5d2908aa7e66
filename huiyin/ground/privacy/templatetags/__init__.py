"""Template filters of privacy."""
