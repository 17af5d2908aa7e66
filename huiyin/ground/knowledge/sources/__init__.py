"""Files that become drafts: Markdown and Word, judged before they are opened."""

from huiyin.ground.knowledge.sources.files import LARGEST, MB, MOST_FILES, pieces
from huiyin.ground.knowledge.sources.marked import Written

__all__ = ["LARGEST", "MB", "MOST_FILES", "Written", "pieces"]
