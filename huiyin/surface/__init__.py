"""界面: pages that put several stages together."""
