"""The closure for programs: how it ends, and what is mediated."""

from ninja import Router

from huiyin.journey.closure.api import closing, mediation

router = Router()
router.add_router("", closing.router)
router.add_router("", mediation.router)
