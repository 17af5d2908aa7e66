"""How a recording is told: figures with the places they were counted from, curves, doubts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from huiyin.ground.people.models import User
from huiyin.journey.channels.recordings.actions import current, shown_lines, token_of
from huiyin.journey.channels.recordings.listening import can_copy
from huiyin.journey.channels.recordings.models import Quote, Recording
from huiyin.journey.channels.recordings.permissions import can_write_down
from huiyin.journey.channels.recordings.rules.writing import clock
from huiyin.journey.channels.recordings.words import RecordingState, Speaker

IN_NO_BROWSER = frozenset({"audio/amr", "audio/3gpp", "audio/x-ms-wma", "audio/x-caf"})
TOO_MUCH = ("long", "rate")
CLIPPED_FROM = 0.001  # of the samples: from here on one hears it


@dataclass(frozen=True)
class Figure:
    """“打断 3 次”; `places` names what a click walks through, "" for what has no places."""

    label: str
    value: str
    detail: str = ""
    places: str = ""
    bad: bool = False
    about: str = field(default="", compare=False)  # how it was counted


def fault(recording: Recording) -> str:
    """Why there are no figures, and what can be done."""
    if recording.fault == "format":
        return _undecoded(recording)
    if recording.fault in TOO_MUCH and is_unplayable(recording):
        return _("这段录音太长，或采样率、声道数不在能处理的范围内；请下载后用播放器打开")
    return {
        "unreadable": _("这个文件里读不出声音：可能损坏了，或内容不是录音；原件保留着"),
        "empty": _("这段录音里没有声音数据；原件保留着"),
        "large": _("录音太大，没有做成可以播放的副本；原件保留着，请下载后听"),
        "long": _("录音超过 4 小时，不做分析；仍可播放和听写"),
        "rate": _("采样率或声道数不在能分析的范围内；仍可播放和听写"),
        "missing": _("录音文件不在了，请联系系统管理员从备份恢复"),
        "timeout": _("分析用时太长，停下了；可以稍后重新分析"),
        "cpu": _("分析用时太长，停下了；可以稍后重新分析"),
        "memory": _("分析占用内存太多，停下了；可以稍后重新分析"),
    }.get(recording.fault, _("分析没有成功；可以稍后重新分析"))


def _undecoded(recording: Recording) -> str:
    """One sentence, and no second one that contradicts it: what can be done depends on the format
    and on what is installed by now."""
    if can_copy():
        return _("这种格式现在可以播放和分析了：已放回队列，或点“重新分析”")
    if is_unplayable(recording):
        return _("这种格式不能在这里播放和分析，请下载后用播放器打开；安装 [audio] 后可以")
    return _("这种格式多数浏览器能播放，不能在这里分析；安装 [audio] 后可以")


def is_unplayable(recording: Recording) -> bool:
    """No browser plays it: a player would only promise what it cannot do."""
    return recording.played is None and recording.evidence.media_type in IN_NO_BROWSER


def source(recording: Recording) -> str:
    """What the player plays: the copy, else the original, else nothing."""
    if is_unplayable(recording):
        return ""
    name = "recordings:sound" if recording.played else "conversation:evidence_file"
    return reverse(name, args=[recording.evidence.uuid])


def doubts(recording: Recording) -> list[str]:
    sentences = {
        "cut": _("文件不完整：只分析了读得到的部分"),
        "invalid": _("文件里有不是数字的采样，按静音处理"),
        "same": _("两个声道相同，按单声道处理，分不清是谁在说"),
        "picture": _("文件里还有画面，这里只处理声音；画面请下载原件看"),
        "mixed": _("超过两个声道，合成一个声道分析"),
        "one_silent": _("有一个声道没有声音"),
        "changed": _("文件内容与入库时的 SHA-256 不一致，请核对"),
    }
    return [sentences[one] for one in recording.doubts if one in sentences]


def names(recording: Recording) -> list[str]:
    """Who is on which lane: customer and agent; of one lane, whoever speaks."""
    if not recording.is_two_sided:
        return [str(_("全部声音"))]
    both = [str(Speaker.CUSTOMER.label), str(Speaker.AGENT.label)]
    return both[::-1] if recording.swapped else both


def strip(recording: Recording) -> list[Figure]:
    """The figures side by side."""
    told = recording.figures
    if recording.state != RecordingState.ANALYSED or not told:
        return []
    found = [Figure(_("时长"), clock(recording.seconds or 0))]
    found += _sides(recording) if recording.is_two_sided else _alone(recording)
    found.append(
        Figure(
            _("停顿"),
            _("%(count)s 次") % {"count": told["pauses"]},
            _("最长 %(longest)s 秒，共 %(total)s 秒")
            % {"longest": told["pause_longest"], "total": told["pause_total"]},
            "pauses",
            about=_("双方都不说话；开头、结尾和等待不算"),
        )
    )
    found.append(
        Figure(
            _("等待"),
            _("%(count)s 段") % {"count": told["holds"]},
            _("共 %(length)s") % {"length": clock(told["hold_total"])},
            "holds",
            bad=told["hold_total"] >= 60,
            about=_("连续的音乐，或双方长时间无声"),
        )
    )
    if recording.holds_told:
        total = sum(b - a for a, b in recording.holds_told)
        found.append(
            Figure(
                _("话机保持"),
                _("%(count)s 段") % {"count": len(recording.holds_told)},
                _("共 %(length)s") % {"length": clock(total)},
                "holds_told",
                about=_("电话系统报告的保持时段"),
            )
        )
    found.append(
        Figure(
            _("声音变大"),
            _("%(count)s 处") % {"count": told["louder"]},
            "",
            "louder",
            about=_("比这个人平时的声音大 8 分贝以上，持续 1 秒以上；只是响度，不是情绪"),
        )
    )
    return [*found, *_measures(recording)]


def _sides(recording: Recording) -> list[Figure]:
    told, who = recording.figures, names(recording)
    shares = " · ".join(
        f"{name} {round(share * 100)}%" for name, share in zip(who, told["share"], strict=True)
    )
    by = " · ".join(
        f"{name} {count}" for name, count in zip(who, told["interruptions_by"], strict=True)
    )
    return [
        Figure(_("说话占比"), shares, "", "speech", about=_("各自说话的秒数占双方之和")),
        Figure(
            _("打断"),
            _("%(count)s 次") % {"count": told["interruptions"]},
            by if told["interruptions"] else "",
            "interruptions",
            bad=told["interruptions"] >= 3,
            about=_("对方正说着就开口，同时说了半秒以上并说下去；“嗯”“好的”不算"),
        ),
        Figure(
            _("同时说话"),
            _("%(count)s 处") % {"count": told["overlaps"]},
            _("共 %(total)s 秒") % {"total": told["overlap_total"]},
            "overlaps",
        ),
    ]


def _alone(recording: Recording) -> list[Figure]:
    told = recording.figures
    return [
        Figure(
            _("有人说话"),
            clock(told["speech"][0]),
            _("其余 %(length)s") % {"length": clock(told["silence"])},
            "speech",
            about=_("单声道录音分不清是谁在说，只分说话和静默"),
        )
    ]


def _measures(recording: Recording) -> list[Figure]:
    told = recording.figures
    found = [
        Figure(
            _("响度"), _each(recording, told["loudness"], "dBFS"), about=_("满刻度为 0，越负越轻")
        ),
        Figure(_("音高"), _each(recording, told["pitch"], "Hz"), about=_("基频中位数")),
        Figure(
            _("语速"),
            _each(recording, told["pace"], _("字/秒")),
            about=_("按音节估计，误差约一成半；太快或含糊时偏低"),
        ),
    ]
    if max(told["clipped"], default=0) >= CLIPPED_FROM:
        share = round(max(told["clipped"]) * 100, 1)
        found.append(Figure(_("削波"), f"{share}%", bad=True, about=_("录音音量过大，波形被截平")))
    return found


def _each(recording: Recording, values: list[float | None], unit: str) -> str:
    said = ["—" if one is None else f"{one:g}" for one in values]
    if len(said) == 1:
        return f"{said[0]} {unit}"
    pairs = zip(names(recording), said, strict=True)
    return " · ".join(f"{name} {value}" for name, value in pairs) + f" {unit}"


def curves(recording: Recording) -> dict[str, Any] | None:
    """The chart under the waveform, for chart.js: three rows over the same seconds."""
    told = recording.told.get("curves")
    if not told:
        return None
    rows: tuple[tuple[str, str, dict[str, Any]], ...] = (
        ("loudness", _("响度 dBFS"), {"scale": True}),
        ("pitch", _("音高 Hz"), {"scale": True}),
        ("pace", _("语速 字/秒"), {"min": 0}),
    )
    colours = ["var(--brand)"] if len(names(recording)) == 1 else colours_of(recording)
    grids: list[dict[str, Any]] = []
    xs: list[dict[str, Any]] = []
    ys: list[dict[str, Any]] = []
    series: list[dict[str, Any]] = []
    for number, (key, title, more) in enumerate(rows):
        grids.append({"left": 52, "right": 8, "top": 28 + number * 102, "height": 60})
        xs.append(
            {
                "type": "value",
                "gridIndex": number,
                "min": 0,
                "max": recording.seconds,
                "axisLabel": {"show": False},
                "splitLine": {"show": False},
            }
        )
        ys.append(
            {
                "type": "value",
                "gridIndex": number,
                "name": title,
                "splitNumber": 2,
                "nameTextStyle": {
                    "color": "var(--dim)",
                    "align": "left",
                    "padding": [0, 0, 0, -40],
                },
                **more,
            }
        )
        for lane, name in enumerate(names(recording)):
            points = [
                [round((at + 0.5) * told["step"], 1), value]
                for at, value in enumerate(told[key][lane])
            ]
            series.append(
                {
                    "type": "line",
                    "name": name,
                    "xAxisIndex": number,
                    "yAxisIndex": number,
                    "showSymbol": False,
                    "connectNulls": False,
                    "lineStyle": {"width": 1.5, "color": colours[lane]},
                    "itemStyle": {"color": colours[lane]},
                    "data": points,
                }
            )
    return {
        "grid": grids,
        "xAxis": xs,
        "yAxis": ys,
        "series": series,
        "legend": {"show": len(names(recording)) > 1},
        "tooltip": {"trigger": "axis"},
        "axisPointer": {"link": [{"xAxisIndex": "all"}]},
        "animation": False,
    }


def colours_of(recording: Recording) -> list[str]:
    """By lane; whoever is the agent is in our own colour."""
    both = ["var(--s3)", "var(--brand)"]
    return both[::-1] if recording.swapped else both


def data(recording: Recording, reader: User) -> dict[str, Any]:
    """Everything that the player draws from."""
    transcript = current(recording)
    who = names(recording)
    agent = recording.agent_lane if recording.is_two_sided else 0
    places = {
        **recording.places,
        "holds_told": recording.holds_told,
        "speech": [
            [*span, lane]
            for lane, spans in enumerate(recording.told.get("speech", []))
            for span in spans
        ],
    }
    places["speech"].sort()
    return {
        "state": recording.state,
        "progress": recording.progress,
        "seconds": recording.seconds,
        "names": who,
        "agent": agent,
        "peaks": recording.told.get("peaks", []),
        "speech": recording.told.get("speech", []),
        "places": places,
        "quotes": [quoted(one) for one in recording.quotes.select_related("by")],
        "transcript": {
            "token": token_of(transcript),
            "version": transcript.version if transcript else 0,
            "by": transcript.by.shown_name if transcript else "",
            "lines": shown_lines(transcript, reader),
            "may_write": can_write_down(reader, recording),
        },
    }


def quoted(one: Quote) -> dict[str, Any]:
    return {
        "id": one.pk,
        "begin": one.begin,
        "end": one.end,
        "place": one.place,
        "words": one.words,
        "by": one.by.shown_name,
    }


def address(recording: Recording) -> str:
    return reverse("recordings:one", args=[recording.evidence.uuid])
