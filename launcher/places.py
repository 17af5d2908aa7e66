"""Where things lie: the checkout, the data, the virtual environment, the front-end packages.

A checkout that may not be written to is used as it is; everything made goes below the data.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from launcher.talk import Trouble, say

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Places:
    data: Path
    tools: Path

    @property
    def venv(self) -> Path:
        return self.tools / ".venv"

    @property
    def python(self) -> Path:
        return self.venv / "bin" / "python"

    @property
    def node_modules(self) -> Path:
        return self.tools / "node_modules"

    @property
    def logs(self) -> Path:
        return self.data / "log"


def find(data: str | None) -> Places:
    """The places of this start; `data` is --data, else HUIYIN_DATA, else .data in the checkout."""
    writable = os.access(ROOT, os.W_OK)
    if data or os.environ.get("HUIYIN_DATA"):
        chosen = Path(data or os.environ["HUIYIN_DATA"]).expanduser().absolute()
    elif writable:
        chosen = ROOT / ".data"
    else:
        chosen = (
            Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "huiyin"
        )
    try:
        # 0711 for root: PostgreSQL then runs as another user and has to pass through.
        chosen.mkdir(parents=True, exist_ok=True, mode=0o711 if os.geteuid() == 0 else 0o700)
    except OSError as error:
        raise Trouble(
            f"无法建立数据目录 {chosen}：{error.strerror}。请用 --data 指定可写的目录。",
            f"Cannot make the data directory {chosen}: {error.strerror}. Choose one with --data.",
        ) from error
    if not os.access(chosen, os.W_OK | os.X_OK):
        raise Trouble(
            f"数据目录 {chosen} 不可写。请换用它的所有者运行，或用 --data 指定别的目录。",
            f"The data directory {chosen} is not writable. Run as its owner or choose another "
            "with --data.",
        )
    return Places(data=chosen, tools=ROOT if writable else chosen)


@contextmanager
def locked(path: Path, *, waiting: tuple[str, str] | None = None) -> Iterator[None]:
    """Hold an exclusive lock; the kernel frees it however this process ends."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if waiting:
                say(*waiting)
            fcntl.flock(file, fcntl.LOCK_EX)
        yield
