"""Improvement and bulletins for programs."""

from ninja import Router

from huiyin.journey.improvement.api import bulletins, improvements

router = Router()
router.add_router("", improvements.router)
router.add_router("", bulletins.router)
