"""Template filters of promises."""
