"""Databases of a test or a benchmark go away, whatever is at work in them."""

from __future__ import annotations

import psycopg
import pytest

from huiyin.ground.throwaway import throwaway
from tests.launcher.conftest import until

BUSY = {
    "autovacuum_naptime": "1s",
    "autovacuum_vacuum_cost_delay": "100ms",
    "autovacuum_vacuum_cost_limit": "1",
}


def names(url: str) -> set[str]:
    with psycopg.connect(url) as db:
        return {name for (name,) in db.execute("SELECT datname FROM pg_database")}


def test_autovacuum_at_work_there_does_not_keep_it(cluster):
    """A role that is no superuser may not end it: `WITH (FORCE)` is refused just then."""
    with cluster.running() as url:
        with psycopg.connect(cluster.admin_url, autocommit=True) as admin:
            for knob, value in BUSY.items():
                admin.execute(f"ALTER SYSTEM SET {knob} = '{value}'")
            admin.execute("SELECT pg_reload_conf()")
            before = names(url)
            with throwaway(url, "vacuumed") as address:
                with psycopg.connect(address, autocommit=True) as db:
                    db.execute("CREATE TABLE heap AS SELECT generate_series(1, 200000) AS n")
                    db.execute("DELETE FROM heap")
                working = (
                    "SELECT datname FROM pg_stat_activity WHERE backend_type = 'autovacuum worker'"
                )
                mine = names(url) - before
                until(lambda: mine & {name for (name,) in admin.execute(working)}, 60)
        assert names(url) == before


def test_a_connection_left_open_is_ended(cluster):
    with cluster.running() as url:
        with throwaway(url, "forgotten") as address:
            forgotten = psycopg.connect(address)
        with pytest.raises(psycopg.OperationalError):
            forgotten.execute("SELECT 1")
        assert not {name for name in names(url) if name.startswith("forgotten_")}


def test_it_goes_when_what_was_done_there_failed(cluster):
    with cluster.running() as url:
        with pytest.raises(ZeroDivisionError), throwaway(url, "failed") as address:
            with psycopg.connect(address) as db:
                db.execute("SELECT 1")
            1 / 0  # noqa: B018
        assert not {name for name in names(url) if name.startswith("failed_")}
