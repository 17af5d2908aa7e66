"""Knowledge for programs."""

from ninja import Router

from huiyin.ground.knowledge.api.articles import router as articles
from huiyin.ground.knowledge.api.finding import FoundOut
from huiyin.ground.knowledge.api.finding import router as finding
from huiyin.ground.knowledge.api.gaps import router as gaps
from huiyin.ground.knowledge.api.imports import router as imports
from huiyin.ground.knowledge.api.versions import router as versions

__all__ = ["FoundOut", "router"]

router = Router(tags=["knowledge"])
router.add_router("", finding)
router.add_router("", articles)
router.add_router("", versions)
router.add_router("", imports)
router.add_router("", gaps)
