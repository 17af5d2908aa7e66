"""The command line: what it understands, and the sentences it has for what goes wrong."""

from __future__ import annotations

import json
import os
import re
import socket
import stat
import subprocess
import sys

import pytest

from launcher import checks, environment, main, places, run, tools
from launcher.places import ROOT
from launcher.talk import Trouble

DEV = [sys.executable, str(ROOT / "dev.py")]


def test_without_a_command_it_explains_itself():
    said = subprocess.run(DEV, capture_output=True, text=True)
    assert said.returncode == 0
    for word in ("run", "test", "manage", "bench", "--data", "DATABASE_URL"):
        assert word in said.stdout


def test_an_old_python_gets_a_sentence_in_both_languages():
    code = (
        "import sys; sys.version_info = (3, 9, 2);"
        f"exec(compile(open({DEV[1]!r}, encoding='utf-8').read(), 'dev.py', 'exec'))"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert said.returncode == 1
    assert "需要 Python 3.11" in said.stderr
    assert "needs Python 3.11" in said.stderr


def test_a_missing_venv_module_names_the_package_that_brings_it(folder, monkeypatch):
    monkeypatch.setattr(tools, "_importable", lambda name: False)
    empty = places.Places(data=folder, tools=folder)
    with pytest.raises(Trouble, match="python3-venv"):
        tools._environment(empty)


@pytest.mark.parametrize(
    ("given", "data", "rest"),
    [
        (["--data", "/x", "manage", "check"], "/x", ["manage", "check"]),
        (["--data=/x", "manage"], "/x", ["manage"]),
        (["manage", "--data", "/x"], None, ["manage", "--data", "/x"]),
        ([], None, []),
    ],
)
def test_data_stands_in_front_of_the_command(given, data, rest):
    assert main._leading_data(given) == (data, rest)


def test_the_data_directory_is_the_option_then_the_variable_then_dot_data(folder, monkeypatch):
    monkeypatch.setenv("HUIYIN_DATA", str(folder / "variable"))
    assert places.find(str(folder / "option")).data == folder / "option"
    assert places.find(None).data == folder / "variable"


def test_a_data_directory_that_cannot_be_made_gets_a_sentence(folder):
    (folder / "file").write_text("")
    with pytest.raises(Trouble, match="--data"):
        places.find(str(folder / "file" / "below"))


def test_a_taken_port_gets_a_sentence_with_another_one(folder):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        said = subprocess.run(
            [*DEV, "run", "--port", str(port), "--data", str(folder)],
            capture_output=True,
            text=True,
        )
    assert said.returncode == 1
    assert f"--port {port + 1}" in said.stderr
    assert "Traceback" not in said.stderr


def test_secrets_are_made_once_and_for_the_owner_only(folder, clean_environment):
    here = places.Places(data=folder, tools=ROOT)
    first = environment.for_django(here, "postgresql:///x")["HUIYIN_SECRET_KEY"]
    assert environment.for_django(here, "postgresql:///x")["HUIYIN_SECRET_KEY"] == first
    assert len(first) >= 50
    mode = stat.S_IMODE((folder / "secrets.json").stat().st_mode)
    assert mode == 0o600


def test_what_the_caller_has_set_wins_but_demo_is_only_for_run(folder, monkeypatch):
    monkeypatch.setenv("HUIYIN_SECRET_KEY", "mine")
    monkeypatch.setenv("HUIYIN_DEMO", "1")
    env = environment.for_django(places.Places(data=folder, tools=ROOT), "postgresql:///x")
    assert env["HUIYIN_SECRET_KEY"] == "mine"
    assert env["HUIYIN_DEMO"] == "0"


def test_lock_files_name_hashes_and_no_machine():
    assert checks._lock_faults() == []
    for file in (ROOT / "requirements").glob("*.txt"):
        assert "--hash=sha256:" in file.read_text()


def test_a_check_that_fails_is_named_and_says_why_and_one_that_passes_is_short(capfd):
    outcomes = [
        checks._check("fine", [sys.executable, "-c", "print('nothing to tell')"], dict(os.environ)),
        checks._check(
            "wrong", [sys.executable, "-c", "import sys; sys.exit('line 7')"], dict(os.environ)
        ),
    ]
    assert checks._told(outcomes) == ["wrong"]
    said = capfd.readouterr().out
    assert "nothing to tell" not in said
    assert "line 7" in said
    assert "✗ wrong" in said


def test_what_runs_is_locked_at_the_versions_that_are_tested():
    def pins(name: str) -> set[str]:
        lines = (ROOT / "requirements" / name).read_text().splitlines()
        return {line.split(" ")[0] for line in lines if "==" in line}

    assert pins("run.txt") <= pins("dev.txt")


def test_front_end_packages_are_named_exactly():
    named = json.loads((ROOT / "package.json").read_text())["dependencies"]
    assert all(version[0].isdigit() for version in named.values())
    assert named["htmx.org"].startswith("2.")


def test_ci_runs_what_everybody_runs():
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    assert "python3 dev.py test" in script.read_text()


@pytest.mark.parametrize(
    ("host", "names"),
    [
        ("127.0.0.1", "127.0.0.1,localhost,[::1]"),
        ("192.0.2.7", "127.0.0.1,localhost,[::1],192.0.2.7"),
        ("::1", "127.0.0.1,localhost,[::1]"),
    ],
)
def test_the_host_names_served_are_those_listened_at(host, names):
    assert run._host_names(host) == names


def test_every_variable_and_option_of_the_launcher_is_in_the_docs():
    docs = (ROOT / "docs" / "operation.md").read_text() + (
        ROOT / "docs" / "settings.md"
    ).read_text()
    source = "".join(file.read_text() for file in (ROOT / "launcher").glob("*.py"))
    read = set(re.findall(r"environ(?:\.get\(|\[)\"((?:HUIYIN|DATABASE)_\w+)\"", source))
    options = set(re.findall(r"add_argument\(\s*\"(--[\w-]+)\"", source))
    assert {"HUIYIN_DATA", "DATABASE_URL"} <= read
    assert {name for name in read | options if f"`{name}" not in docs} == set()
