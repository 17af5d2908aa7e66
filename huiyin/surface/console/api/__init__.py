"""Settings written by programs: the same act and the same history as on the page (`actions.kept`,
`actions.run`). All methods of an address stand in one router."""

from ninja import Router

from huiyin.surface.console.api.boxes import router as boxes
from huiyin.surface.console.api.chats import router as chats
from huiyin.surface.console.api.hooks import router as hooks
from huiyin.surface.console.api.letters import router as letters
from huiyin.surface.console.api.providers import router as providers
from huiyin.surface.console.api.sending import router as sending

router = Router()
for one in (sending, chats, hooks, boxes, providers, letters):
    router.add_router("", one)
