"""What a mail says, read in a child process with limits: untrusted bytes never meet the product's
own process (CPython's parser takes 20 s for 50 kB of commas).

`read(raw)` → `Read`: pure data, the same for the same bytes, whatever they are.
"""

from huiyin.journey.channels.mail.reading.shape import Address, File, Read

__all__ = ["Address", "File", "Read"]
