"""How recordings fare: what waits to be listened to, and the service that writes them down."""

from __future__ import annotations

from datetime import timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.journey.channels.health import Figure, Health
from huiyin.journey.channels.recordings.models import Job, Recording, Transcriber
from huiyin.journey.channels.recordings.permissions import can_set_up
from huiyin.journey.channels.recordings.words import JobState, RecordingState

MOST = 1000  # counted as far as a person cares
LATE = timedelta(minutes=15)


def rows(user: User) -> list[Health]:
    return [_analysis(), *(_transcriber(one, user) for one in Transcriber.objects.all())]


def _analysis() -> Health:
    listed = reverse("recordings:list")
    queued = Recording.objects.filter(state=RecordingState.QUEUED)
    waiting = queued[:MOST].count()
    late = queued.filter(next_try_at__lt=moment.now() - LATE).exists()
    failed = Recording.objects.filter(state=RecordingState.FAILED)[:MOST].count()
    last = Recording.objects.filter(state=RecordingState.ANALYSED).first()
    return Health(
        name=_("录音分析"),
        kind=_("录音"),
        icon="audio-lines",
        state="warn" if late else "good",
        words=_("有录音等了 15 分钟以上") if late else _("正常"),
        came_at=last.analysed_at if last else None,
        figures=(
            Figure(_("等待分析"), waiting, f"{listed}?state=queued", is_bad=late),
            Figure(_("不能分析"), failed, f"{listed}?state=failed"),
        ),
    )


def _transcriber(one: Transcriber, user: User) -> Health:
    jobs = Job.objects.filter(transcriber=one)
    waiting = jobs.filter(state=JobState.QUEUED)[:MOST].count()
    failed = jobs.filter(state=JobState.FAILED)[:MOST].count()
    state, words = "good", _("正常")
    if not one.enabled:
        state, words = "off", _("已停用")
    elif one.error:
        state, words = "bad", _("有故障")
    return Health(
        name=one.name,
        kind=_("转写服务"),
        icon="captions",
        state=state,
        words=words,
        left_at=one.worked_ok_at,
        figures=(Figure(_("等待转写"), waiting), Figure(_("转写失败"), failed, is_bad=failed > 0)),
        faults=(one.error,) if one.error else (),
        leads_to=f"/console/transcribers/{one.pk}/" if can_set_up(user, None) else "",
    )
