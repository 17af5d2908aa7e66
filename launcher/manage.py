"""`dev.py manage …` and `dev.py bench …`: Django's commands, with our database around them."""

import os
import signal
import subprocess
from collections.abc import Sequence

from launcher import database, environment, run, tools
from launcher.places import Places
from launcher.talk import Steps

# These make or explain tables themselves, or need none.
_WITHOUT_TABLES = {"", "help", "migrate", "makemigrations", "check", "showmigrations", "sqlmigrate"}


def manage(places: Places, arguments: Sequence[str]) -> int:
    """Run a Django command where the caller stands; PostgreSQL is started if it does not run."""
    _set_up(places)
    with database.available(places) as found:
        env = environment.for_django(
            places, found.url, demo=os.environ.get("HUIYIN_DEMO", "0") == "1"
        )
        if found.fresh and (arguments or [""])[0] not in _WITHOUT_TABLES:
            database.bring_up_to_date(places, env)
        return _django(places, env, arguments)


def bench(places: Places, arguments: Sequence[str]) -> int:
    """Run `manage bench` on a durable database of its own, with the settings of production."""
    _set_up(places)
    own = Places(data=places.data / "bench", tools=places.tools)
    own.data.mkdir(parents=True, exist_ok=True, mode=0o711 if os.geteuid() == 0 else 0o700)
    with database.available(own) as found:
        env = environment.for_django(
            own, found.url, HUIYIN_LOG_LEVEL="WARNING", HUIYIN_POOL=run.POOL
        )
        database.bring_up_to_date(own, env, production=True)
        return _django(places, env, ["bench", *arguments])


def _set_up(places: Places) -> None:
    """Silent when there is nothing to do."""
    if not tools.up_to_date(places, "run"):
        tools.set_up(places, "run", Steps(tools.STEPS))


def _django(places: Places, env: dict[str, str], arguments: Sequence[str]) -> int:
    # Ctrl-C in a terminal reaches the command itself; we wait for it and then clean up.
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    process = subprocess.Popen(
        [places.python, "-m", "django", *arguments],
        env=env,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )

    def pass_on(number: int, _frame: object) -> None:
        process.send_signal(number)

    terminate = signal.signal(signal.SIGTERM, pass_on)
    try:
        code = process.wait()
    finally:
        signal.signal(signal.SIGINT, before)
        signal.signal(signal.SIGTERM, terminate)
    return code if code >= 0 else 128 - code
