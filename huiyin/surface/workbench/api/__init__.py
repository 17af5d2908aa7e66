"""The workbench for programs: the customer of a complaint, and one's own queue."""

from ninja import Router

from huiyin.surface.workbench.api import customer, queue

router = Router()
router.add_router("", customer.router)
router.add_router("", queue.router)
