"""Mail for programs."""

from ninja import Router

from huiyin.journey.channels.mail.api.boxes import router as boxes
from huiyin.journey.channels.mail.api.mails import router as mails

router = Router(tags=["mail"])
router.add_router("", mails)
router.add_router("", boxes)
