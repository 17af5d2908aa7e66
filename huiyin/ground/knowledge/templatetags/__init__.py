"""Tags of knowledge."""
