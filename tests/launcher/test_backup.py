"""A backup holds all that cannot be made anew, and restoring never overwrites."""

from __future__ import annotations

import psycopg
import pytest

from launcher import backup, database
from launcher.places import ROOT, Places
from launcher.postgres import Cluster
from launcher.talk import Trouble


def test_what_was_backed_up_is_there_after_restoring(folder, clean_environment):
    old = Places(data=folder / "old", tools=ROOT)
    new = Places(data=folder / "new", tools=ROOT)
    for here in (old, new):
        here.data.mkdir(mode=0o711)
    with database.available(old) as found, psycopg.connect(found.url) as db:
        db.execute("CREATE TABLE said (what text)")
        db.execute("INSERT INTO said VALUES ('回音')")
    (old.data / "evidence").mkdir()
    (old.data / "evidence" / "照片 1.jpg").write_bytes(b"picture")
    (old.data / "secrets.json").write_text("{}")
    kept = folder / "备份 一"

    backup.backup(old, kept)
    with pytest.raises(Trouble, match="exists"):
        backup.backup(old, kept)
    backup.restore(new, kept)

    with database.available(new) as found, psycopg.connect(found.url) as db:
        assert db.execute("SELECT what FROM said").fetchone() == ("回音",)
    assert (new.data / "evidence" / "照片 1.jpg").read_bytes() == b"picture"
    assert (new.data / "secrets.json").exists()
    with pytest.raises(Trouble, match="never overwritten"):
        backup.restore(old, kept)
    for here in (old, new):
        Cluster(here.data / "postgres", here).destroy()


def test_a_folder_that_is_no_backup_is_refused(folder, places):
    with pytest.raises(Trouble, match="is no backup"):
        backup.restore(places, folder)
