"""The life of a complaint. This table is the whole truth: nothing else decides a status.

States and moves: domain §7.2 and §7.3. Roles are told for the reader; who may is decided by the
permission of the stage that acts. AG agent, SP specialist, TL lead, SUP supervisor, MGR manager,
DP handler in another department, CU customer, SYS the system, ADM administrator, LEG legal.
"""

from __future__ import annotations

from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from huiyin.journey.complaint.words import PublicState
from huiyin.journey.complaint.words import Status as S  # noqa: N817 — a table of them


class Move(NamedTuple):
    """`undoes`: it takes back another move, so nothing but the act that undoes may go this way."""

    action: str
    sources: tuple[S, ...]
    targets: tuple[S, ...]
    who: str
    undoes: bool = False


WORKING = (S.HND, S.WCU, S.W3P)
OPEN = (S.NEW, S.REG, S.TRI, S.DIS, *WORKING, S.SUS, S.PAP, S.EXE, S.RES, S.FUV, S.RWK)
ENDED = (S.CLO, S.ARC, S.REJ, S.TRF, S.MRG, S.WDR, S.CAN)

LIFE: tuple[Move, ...] = (
    Move("登记 create", (S.NEW,), (S.REG,), "CU AG SYS"),
    Move("分级 classify", (S.REG,), (S.TRI,), "AG SP SYS"),
    Move("不予受理 reject", (S.REG, S.TRI), (S.REJ,), "SP SUP"),
    Move("派单 dispatch", (S.TRI,), (S.DIS,), "SP TL SYS"),
    Move("签收 accept", (S.DIS,), (S.HND,), "DP AG"),
    Move("退回 return", (S.DIS,), (S.TRI,), "DP DM AG"),
    Move("转派 hand over", (*WORKING, S.RWK), (S.DIS,), "AG TL DM"),
    Move("等待 wait", (S.HND, S.RWK), (S.WCU, S.W3P), "AG SP"),
    Move("恢复 resume", (S.WCU, S.W3P), (S.HND,), "AG SP SYS CU"),
    Move("挂起 suspend", WORKING, (S.SUS,), "SP SUP"),
    Move("解挂 wake", (S.SUS,), (S.HND,), "SYS SP"),
    Move("方案 propose", (*WORKING, S.RWK), (S.PAP, S.EXE), "AG SP"),
    Move("审批 approve", (S.PAP,), (S.EXE, S.HND), "TL SUP MGR FIN LEG"),
    Move("客户不同意 decline", (S.EXE,), (S.HND,), "CU AG"),
    Move("执行完成 execute", (S.EXE,), (S.RES,), "DP FIN AG"),
    Move("不予支持 refuse claim", WORKING, (S.RES,), "SP TL SUP"),
    Move("反馈 feed back", (S.RES,), (S.FUV,), "AG SYS"),
    Move("重办 rework", (S.RES, S.FUV), (S.RWK,), "SUP QA visitor"),
    Move("接办重办 take up", (S.RWK,), (S.HND, S.DIS), "AG TL"),
    Move("结案 close", (S.RES, S.FUV), (S.CLO,), "SP TL SUP; S1 MGR"),
    Move("重开 reopen", (S.CLO,), (S.HND,), "CU SUP"),
    Move("归档 archive", (S.CLO,), (S.ARC,), "SYS"),
    Move("合并 merge", OPEN, (S.MRG,), "TL"),
    Move("撤销合并 unmerge", (S.MRG,), OPEN, "TL SYS", undoes=True),
    Move("随主件结案 close with the master", (S.MRG,), (S.CLO,), "SYS"),
    Move("撤回 withdraw", OPEN, (S.WDR,), "CU AG"),
    Move("转出 transfer", OPEN, (S.TRF,), "LEG MGR"),
    Move("作废 cancel", OPEN, (S.CAN,), "ADM AUD"),
)


def _targets(*, undoing: bool) -> dict[S, frozenset[S]]:
    moves = [move for move in LIFE if move.undoes == undoing]
    return {s: frozenset(t for m in moves if s in m.sources for t in m.targets) for s in S}


MOVES = _targets(undoing=False)
BACK = _targets(undoing=True)

PUBLIC: dict[S, PublicState] = {
    **dict.fromkeys((S.NEW, S.REG, S.TRI, S.DIS), PublicState.WAITING),
    **dict.fromkeys(
        (*WORKING, S.SUS, S.PAP, S.EXE, S.RES, S.FUV, S.RWK, S.MRG), PublicState.WORKING
    ),
    **dict.fromkeys((S.CLO, S.ARC), PublicState.SOLVED),
    **dict.fromkeys((S.REJ, S.TRF, S.WDR, S.CAN), PublicState.ENDED),
}

# The road as a bar of ten steps: where each status stands on it.
STEPS = (
    _("受理"),
    _("分级"),
    _("派单"),
    _("核实"),
    _("方案"),
    _("执行"),
    _("反馈"),
    _("回访"),
    _("结案"),
    _("归档"),
)
STEP: dict[S, int] = {
    S.NEW: 0,
    S.REG: 1,
    S.TRI: 2,
    S.DIS: 2,
    S.HND: 3,
    S.WCU: 3,
    S.W3P: 3,
    S.SUS: 3,
    S.RWK: 3,
    S.PAP: 4,
    S.EXE: 5,
    S.RES: 6,
    S.FUV: 7,
    S.CLO: 9,
    S.ARC: 10,
    S.REJ: 1,
    S.TRF: 3,
    S.MRG: 3,
    S.WDR: 3,
    S.CAN: 0,
}
