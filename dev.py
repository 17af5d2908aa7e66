#!/usr/bin/env python3
# -*- coding: utf-8 -*-  # noqa: UP009
"""The one command of 回音 Huiyin: run, test, manage, bench, lock. Python alone is enough.

This file stays readable to very old Pythons, so that they can say what is missing.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036
    sys.stderr.write(
        "回音需要 Python 3.11 或更新的版本，当前是 %d.%d。\n"  # noqa: UP031
        "请安装后用它重新运行，例如 python3.11 dev.py run\n"
        "Huiyin needs Python 3.11 or newer, and this is %d.%d.\n"
        "Install one and run it again with that, for example python3.11 dev.py run\n"
        % (sys.version_info[:2] + sys.version_info[:2])
    )
    sys.exit(1)

from launcher.main import main

if __name__ == "__main__":
    sys.exit(main())
