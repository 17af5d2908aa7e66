"""A database of one's own that is gone afterwards: for benchmarks and for tests with processes."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo


@contextmanager
def throwaway(server: str, word: str, template: str = "template1") -> Iterator[str]:
    """`server`: the address of any database there; gives the address of the new one, named
    `word_` and eight digits, a copy of `template`."""
    name = f"{word}_{secrets.token_hex(4)}"
    made = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
    _order(server, made.format(sql.Identifier(name), sql.Identifier(template)))
    try:
        yield make_conninfo(server, dbname=name)
    finally:
        drop(server, name)


def drop(server: str, name: str) -> None:
    """Not WITH (FORCE): a role that is no superuser is refused by it whenever autovacuum happens to
    be at work there. The plain order sends autovacuum away by itself; whatever we forgot there is
    ended before."""
    ours = (
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = %s AND usename = current_user"
    )
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(ours, [name])
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))


def _order(server: str, order: sql.Composed) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(order)
