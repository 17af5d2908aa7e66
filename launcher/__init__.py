"""What stands behind dev.py: sets up, starts PostgreSQL, runs, tests. Standard library only."""
