"""What the desk asks beside the story: order numbers, days, the fields of a category, proofs."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

from huiyin.ground import moment
from huiyin.journey.complaint.words import Channel
from huiyin.journey.intake.actions import Circumstances
from huiyin.journey.resolution.models import Offer
from huiyin.surface.demo.scenes import Scene

ORDERED = ("PD", "DL", "AS", "SY.01", "PO.03", "IN.01")


def order_no(scene: Scene, rng: random.Random) -> str:
    if not scene.code.startswith(ORDERED) or rng.random() < 0.2:
        return ""
    return f"D{moment.today():%y%m}{rng.randrange(10**7, 10**8)}"


def happened_on(rng: random.Random) -> date | None:
    return (
        moment.today() - timedelta(days=rng.choice((0, 1, 1, 2, 3, 6)))
        if rng.random() < 0.7
        else None
    )


def around(channel: str, rng: random.Random) -> Circumstances:
    return Circumstances(
        place=rng.choice(("", "一楼服务台", "负一层超市", "三楼", "线上商城")),
        amount_fen=rng.choice((None, 5_900, 19_800, 68_000)),
        reply_by=rng.choice(("phone", "phone", "sms", "")),
        privacy_version="1",
        recording_told=channel == Channel.PHONE,
    )


def fields(scene: Scene, channel: str, rng: random.Random) -> dict[str, Any]:
    """Answers to what the category must have (intake/reference/fields.json), and a few more."""
    code = scene.code
    found: dict[str, Any] = {}
    today = moment.today()
    if code.startswith(("PD.03", "SF.02", "SF.04")):
        found["batch_no"] = f"{today - timedelta(days=40):%Y%m%d}B{rng.randrange(1, 9)}"
    if code.startswith("DL"):
        found["waybill_no"] = f"YT{rng.randrange(10**11, 10**12)}"
        found["carrier"] = rng.choice(("own", "zto", "yto", "yunda", "sto", "ems"))
    if code.startswith("CT"):
        found["bill_month"] = f"{today:%Y-%m}"
    if code in ("CT.02.02", "PR.02.02"):
        found["charged"] = rng.choice(("198.00", "2860.00", "430.50"))
    if code.startswith(("SF.01", "SF.02")):
        found |= {"injury": rng.choice(("轻微擦伤", "腹泻、低烧", "红肿")), "treated": "no"}
    if code in ("PR.01.01", "PR.01.02"):
        found |= {"leaked": ["name", "phone"]}
    if code.startswith("SY.03"):
        found["affected_users"] = rng.choice((1, 30, 400))
    if code.startswith("SV.01"):
        found["staff_member"] = f"工号 {rng.randrange(1000, 9999)}"
    if code.startswith("OT.01.03"):
        found |= {"joint_count": rng.choice((3, 8, 26))}
    if code == "OT.01.01" or (channel == Channel.REGULATOR and code.startswith("OT.01")):
        found |= {
            "referral_no": f"{today.year}市监转〔{rng.randrange(100, 999)}〕号",
            "referral_due_on": (today + timedelta(days=7)).isoformat(),
            "referred_by": rng.choice(("12315", "12345")),
        }
    return found


def proof(offer: Offer, rng: random.Random) -> str:
    if offer.amount_fen:
        return f"退款流水 {moment.today():%Y%m%d}{rng.randrange(10**6, 10**7)}"
    return rng.choice(
        ("客户电话确认收到", f"运单 SF{rng.randrange(10**11, 10**12)}", "双方签字确认单")
    )
