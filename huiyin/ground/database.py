"""The connection to the database, while somebody else is waited for."""

from __future__ import annotations

from django.db import connection


def let_go() -> None:
    """Before a server outside is waited for: many that hang at once would leave no connection for
    the others. Inside a transaction it stays, as that is not over; the next query opens another."""
    if not connection.in_atomic_block:
        connection.close()
