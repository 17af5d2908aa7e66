"""The database that every test process copies; runs inside the virtual environment.

Tables and reference rows are made once for each run of the tests: a copy takes a tenth of the
time. Django copies it by itself (TEST["TEMPLATE"], see tests/conftest.py).
"""

import os
import sys

import django
import psycopg
from django.core.management import call_command
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from huiyin.ground.throwaway import drop


def make(name: str) -> None:
    _order(f'CREATE DATABASE "{name}"')
    address = conninfo_to_dict(os.environ["DATABASE_URL"]) | {"dbname": name}
    os.environ["DATABASE_URL"] = make_conninfo("", **address)
    django.setup()
    call_command("migrate", interactive=False, verbosity=0)
    call_command("load_reference", verbosity=0)
    # Each copy would have to find out anew how many rows there are.
    _order("ANALYZE")


def remove(name: str) -> None:
    drop(os.environ["DATABASE_URL"], name)


def _order(sql: str) -> None:
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        connection.execute(sql)  # type: ignore[arg-type]


if __name__ == "__main__":
    {"make": make, "remove": remove}[sys.argv[1]](sys.argv[2])
