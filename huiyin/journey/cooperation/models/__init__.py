"""Tasks, each department's time with one, answers, talk, disputes, links, templates."""

from huiyin.journey.cooperation.models.links import Link
from huiyin.journey.cooperation.models.said import Answer, Dispute, MoreTime, Remark
from huiyin.journey.cooperation.models.tasks import Leg, Task, TaskQuerySet
from huiyin.journey.cooperation.models.templates import TaskTemplate

__all__ = [
    "Answer",
    "Dispute",
    "Leg",
    "Link",
    "MoreTime",
    "Remark",
    "Task",
    "TaskQuerySet",
    "TaskTemplate",
]
