"""A picture from outside, painted anew: what a child process does, within limits of its own.

Bytes on its standard input; PNG or JPEG on its output, of the first frame, without anything that
was hidden in the file. Nothing comes out of what is no picture.
"""

from __future__ import annotations

import io
import sys

CPU_SECONDS = 5
MEMORY = 768 * 1024 * 1024
WIDEST = 2000
MOST_PIXELS = 24_000_000
KINDS = ("PNG", "JPEG", "GIF", "WEBP")


def painted(data: bytes) -> bytes:
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    with Image.open(io.BytesIO(data), formats=KINDS) as opened:
        if opened.width * opened.height > MOST_PIXELS:
            return b""
        opened.draft("RGB", (WIDEST, WIDEST))
        clear = opened.mode in ("RGBA", "LA", "P", "PA")
        picture = opened.convert("RGBA" if clear else "RGB")
    picture.thumbnail((WIDEST, WIDEST))
    made = io.BytesIO()
    if picture.mode == "RGBA":
        picture.save(made, "PNG")
    else:
        picture.save(made, "JPEG", quality=85)
    return made.getvalue()


def main() -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.stdout.buffer.write(painted(sys.stdin.buffer.read()))


if __name__ == "__main__":
    main()
