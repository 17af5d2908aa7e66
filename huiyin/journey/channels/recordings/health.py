"""How recordings fare: what waits to be listened to, and the service that writes them down."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.people.words import Role
from huiyin.journey.channels.health import Fault, Figure, Health
from huiyin.journey.channels.recordings import shown
from huiyin.journey.channels.recordings.actions.testing import try_listening, try_transcriber
from huiyin.journey.channels.recordings.listening import can_copy
from huiyin.journey.channels.recordings.models import (
    Job,
    Recording,
    RecordingQuerySet,
    Transcriber,
)
from huiyin.journey.channels.recordings.permissions import can_set_up
from huiyin.journey.channels.recordings.words import JobState, RecordingState
from huiyin.journey.complaint.models import Complaint

MOST = 1000  # counted as far as a person cares
LATE = timedelta(minutes=15)


def rows(user: User) -> list[Health]:
    services = list(Transcriber.objects.all())
    # The list of recordings does not tell services apart: of one alone its rows are known.
    alone = len(services) == 1
    return [_analysis(user), *(_transcriber(one, user, alone) for one in services)]


def _analysis(user: User) -> Health:
    """Whoever opens the rows counts those that he may open; else all of them are counted."""
    opens = user.has_role(Role.MANAGER, Role.SUPERVISOR)
    listed = reverse("recordings:list") if opens else ""
    counted = _seen_by(user) if opens else Recording.objects.all()
    queued, failed = (
        counted.filter(state=state)[:MOST].count()
        for state in (RecordingState.QUEUED, RecordingState.FAILED)
    )
    waits = Recording.objects.filter(state=RecordingState.QUEUED)
    late = waits.filter(next_try_at__lt=moment.now() - LATE).exists()
    done = Recording.objects.filter(state=RecordingState.ANALYSED).only("analysed_at")
    last = done.order_by("-pk").first()
    return Health(
        key="recordings",
        name=_("录音分析"),
        kind=_("录音"),
        icon="audio-lines",
        state="warn" if late else "good",
        words=_state(late),
        comes=_("最近分析"),
        came_at=last.analysed_at if last else None,
        figures=(
            Figure(_("等待分析"), queued, listed and f"{listed}?state=queued", is_bad=late),
            Figure(_("不能分析"), failed, listed and f"{listed}?state=failed"),
        ),
        faults=_last_failed() if failed else (),
        attempt=partial(try_listening, by=user),
    )


def _state(late: bool) -> str:
    if late:
        return _("有录音等了 15 分钟以上")
    if can_copy():
        return _("正常；amr、m4a 等格式也能播放和分析")
    return _("正常；没有安装 [audio]，amr、m4a 等格式不能分析")


def _seen_by(user: User) -> RecordingQuerySet:
    """Asked row by row: of few rows, whatever the number of complaints."""
    visible = Complaint.objects.visible_to(user).filter(pk=OuterRef("complaint"))
    return Recording.objects.filter(Exists(visible))


def _last_failed() -> tuple[Fault, ...]:
    failed = Recording.objects.filter(state=RecordingState.FAILED).select_related("evidence")
    last = failed.order_by("-pk").first()
    return (Fault(shown.fault(last), last.at),) if last else ()


def _transcriber(one: Transcriber, user: User, alone: bool) -> Health:
    opens = alone and user.has_role(Role.MANAGER, Role.SUPERVISOR)
    listed = reverse("recordings:list") if opens else ""
    jobs = Job.objects.filter(transcriber=one)
    if opens:
        visible = Complaint.objects.visible_to(user).filter(pk=OuterRef("recording__complaint"))
        jobs = jobs.filter(Exists(visible))
    waiting, failed = (
        jobs.filter(state=state).order_by().values("recording").distinct()[:MOST].count()
        for state in (JobState.QUEUED, JobState.FAILED)
    )
    state, words = "good", _("正常")
    if not one.enabled:
        state, words = "off", _("已停用")
    elif one.error:
        state, words = "bad", _("有故障")
    return Health(
        key=f"transcriber-{one.pk}",
        name=one.name,
        kind=_("转写服务"),
        icon="captions",
        state=state,
        words=words,
        leaves=_("最近转写"),
        left_at=one.worked_ok_at,
        figures=(
            Figure(_("等待转写"), waiting, listed and f"{listed}?mark=writing"),
            Figure(
                _("转写失败"), failed, listed and f"{listed}?mark=unwritable", is_bad=failed > 0
            ),
        ),
        faults=(Fault(one.error, one.failed_at),) if one.error else (),
        attempt=partial(try_transcriber, one, by=user),
        leads_to=f"/console/transcribers/{one.pk}/" if can_set_up(user, None) else "",
    )
