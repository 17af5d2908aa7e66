"""Channels (渠道): one folder each, taking in and giving out in its own way; none knows another."""
