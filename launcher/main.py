"""The command line of dev.py."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from launcher.talk import Trouble, complain

USAGE = """\
回音 Huiyin

  python3 dev.py run [--port 8000] [--host 127.0.0.1] [--data DIR] [--no-demo]
      准备好一切并运行：http://127.0.0.1:8000 · set everything up and run
  python3 dev.py test [pytest 参数 …]
      CI 运行的全部检查与测试 · everything that CI runs
      --no-checks 只跑 pytest · only pytest
  python3 dev.py manage COMMAND [参数 …]
      管理命令（Django），`manage help` 列出全部 · administration, `manage help` lists all
  python3 dev.py bench [--n 100000]
      性能测量 · measurements
  python3 dev.py backup DIR · restore DIR
      备份到新目录；恢复到空的 --data · back up to a new folder; restore into an empty --data
  python3 dev.py lock
      更新锁定的依赖版本 · renew the locked versions of all packages

  --data DIR 或环境变量 HUIYIN_DATA：数据目录，缺省为 .data · the data directory
  DATABASE_URL：使用已有的 PostgreSQL · use a PostgreSQL that exists
"""


def main(arguments: Sequence[str] | None = None) -> int:
    for stream in (sys.stdout, sys.stderr):
        _never_fail_to_print(stream)
    if os.name != "posix":
        complain(
            Trouble(
                "回音在 Linux 和 macOS 上运行；Windows 上请用 WSL。",
                "Huiyin runs on Linux and macOS; on Windows use WSL.",
            )
        )
        return 1
    try:
        return _command(list(sys.argv[1:] if arguments is None else arguments))
    except Trouble as trouble:
        complain(trouble)
        return 1
    except KeyboardInterrupt:
        return 130


def _command(arguments: list[str]) -> int:
    # Imported late: these need POSIX, and main has a sentence for the others.
    from launcher import backup, checks, manage, places, run, tools
    from launcher.talk import Steps

    data, arguments = _leading_data(arguments)
    command, rest = (arguments[0], arguments[1:]) if arguments else ("help", [])
    if command in {"manage", "bench", "backup", "restore"}:
        inner, rest = _leading_data(rest)
        data = inner or data
    if command in {"manage", "bench"}:
        here = places.find(data)
        return manage.manage(here, rest) if command == "manage" else manage.bench(here, rest)
    if command == "run":
        options = _run_options().parse_args(rest)
        return run.run(
            places.find(options.data or data),
            host=options.host,
            port=options.port,
            demo=options.demo,
        )
    if command == "test":
        return checks.test(places.find(data), rest)
    if command in {"backup", "restore"} and len(rest) == 1:
        act = backup.backup if command == "backup" else backup.restore
        return act(places.find(data), Path(rest[0]).absolute())
    if command == "lock":
        here = places.find(data)
        tools.set_up(here, "dev", Steps(tools.STEPS))
        tools.lock(here)
        return 0
    print(USAGE)
    return 0 if command in {"help", "--help", "-h"} else 2


def _leading_data(arguments: list[str]) -> tuple[str | None, list[str]]:
    """`--data DIR` or `--data=DIR` in front; what follows belongs to somebody else."""
    if arguments and arguments[0].startswith("--data="):
        return arguments[0].removeprefix("--data="), arguments[1:]
    if len(arguments) > 1 and arguments[0] == "--data":
        return arguments[1], arguments[2:]
    return None, arguments


def _run_options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="dev.py run", description="准备好一切并运行 · run it all")
    parser.add_argument(
        "--port", type=int, default=8000, help="端口 · port; 0: 任意空闲 · any free"
    )
    parser.add_argument("--host", default="127.0.0.1", help="监听地址 · address to listen at")
    parser.add_argument("--data", help="数据目录 · data directory (HUIYIN_DATA)")
    parser.add_argument(
        "--no-demo",
        dest="demo",
        action="store_false",
        help="不载入演示数据与账号 · no demo data and accounts",
    )
    return parser


def _never_fail_to_print(stream: TextIO) -> None:
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors="replace", line_buffering=True)
