"""Template filters of calls."""
