"""Person ↔ calls: the bar on every page, and the list."""
