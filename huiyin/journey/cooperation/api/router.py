"""One router for all: two operations of one path must stand on the same one."""

from ninja import Router

router = Router(tags=["cooperation"])
