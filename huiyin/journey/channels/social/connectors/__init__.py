"""Kinds of outside systems of social media, one module each (`settings.CONNECTORS`)."""
