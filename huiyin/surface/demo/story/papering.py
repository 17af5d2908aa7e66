"""Paper and the counter: a letter that was registered and is answered by one to print, a letter
that waits, a visit that was signed. The scans are drawn here, as a scanner would give them."""

from __future__ import annotations

import io
import math
from datetime import datetime, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw, ImageFont

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.printing import fonts
from huiyin.journey.channels.counter import actions as counter
from huiyin.journey.channels.paper import actions as paper
from huiyin.journey.channels.paper.actions import reading
from huiyin.journey.channels.paper.actions.deciding import Said
from huiyin.journey.channels.paper.carrier import post
from huiyin.journey.channels.paper.models import Piece
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.conversation import actions as conversation
from huiyin.journey.conversation.models import Letter
from huiyin.journey.conversation.words import LetterState
from huiyin.surface.demo.theatre import Acts, Theatre

FIRST = """云朵家电商城客户关系部：

我于今年十月在贵商城购买电压力锅一台，
订单号：YD20261012008817，实付 459.00 元。
使用不到一周，内胆涂层大片脱落，
先后三次联系门店，均被推脱。

要求：退货退款，并承担往返运费 36 元。

此致
敬礼

陈桂芳
联系电话：138 0000 5678
地址：杭州市西湖区文三路 98 号 3 幢 502 室
"""
SECOND = """致：云朵家电商城

贵公司安装师傅上门装热水器时，
打碎了我家厨房的玻璃，答应三天内来换，
至今已经二十天没有任何人联系我。

我请求尽快上门更换玻璃，并给出书面答复。

投诉人：孙志远
电话：139 5555 0188
地址：南京市鼓楼区中山北路 45 号
"""
ANSWER = (
    "您的来信收到了，很抱歉给您带来不便。您寄来的照片和收据我们都看过了，"
    "质检部门正在核实内胆涂层的情况。"
)
VISIT = {
    "name": "赵建国",
    "phone": "13900001122",
    "text": "在中心店买的落地扇，装好当天就有异响，拿回店里说要等总部检测，已经一个星期没有消息。",
    "wanted": "换一台新的，或者退款",
}


def papering(people: dict[str, User], theatre: Theatre) -> list[tuple[datetime, Acts]]:
    """In the last days, so that they stand near the top of every list."""
    return [(theatre.ends - timedelta(days=1, hours=20), _days(people, theatre))]


def _days(people: dict[str, User], theatre: Theatre) -> Acts:
    li = people["li"]
    if not fonts.pieces():  # a developer's machine without the front-end packages
        return
    first = _scanned(FIRST, "来信_陈桂芳.png", li)
    said = Said(
        text=FIRST,
        name="陈桂芳",
        phone="13800005678",
        address="杭州市西湖区文三路 98 号 3 幢 502 室",
        order_no="YD20261012008817",
        amount_fen=45900,
        wanted="退货退款，并承担往返运费 36 元",
    )
    complaint = paper.register(first, by=li, given=said)
    theatre.clocks_of(complaint.pk)
    yield moment.now() + timedelta(hours=2)
    _answered(complaint, li)
    yield moment.now() + timedelta(hours=1)
    _visit(li, theatre)
    yield moment.now() + timedelta(hours=1)
    _scanned(SECOND, "来信_孙志远.png", li)


def _scanned(words: str, name: str, by: User) -> Piece:
    upload = SimpleUploadedFile(name, _sheet(words))
    piece = paper.keep([upload], by=by, together=True).pieces[0]
    paper.draw_due()
    piece.refresh_from_db()
    reading.typed(piece, by=by, text=words)
    return piece


def _sheet(words: str) -> bytes:
    """A page as it comes from the scanner: not quite white, not quite straight."""
    image = Image.new("L", (1240, 1754), 250)
    font = ImageFont.truetype(str(fonts.prepare()), 36)
    ImageDraw.Draw(image).multiline_text((130, 170), words, font=font, fill=35, spacing=24)
    out = io.BytesIO()
    image.rotate(0.6, fillcolor=250, resample=Image.Resampling.BILINEAR).save(out, "PNG")
    return out.getvalue()


def _answered(complaint: Complaint, by: User) -> None:
    """An answer on paper, which somebody has still to print."""
    message = conversation.reply(complaint, by=by, text=ANSWER, channel="letter")
    letter = Letter.objects.get(message=message)
    try:
        post(letter, letter.body)
    except conversation.NoWayOut:
        letter.state = LetterState.HELD
        letter.save(update_fields=["state"])


def _visit(by: User, theatre: Theatre) -> None:
    walkin = counter.begin(by=by)
    counter.save(walkin, by=by, content=VISIT)
    digest = counter.show(walkin, by=by)
    curve = [
        [x, 520 + round(260 * math.sin(x / 90) * math.cos(x / 400))] for x in range(300, 2600, 16)
    ]
    complaint = counter.sign(walkin, by=by, digest=digest, strokes=str([curve]))
    theatre.clocks_of(complaint.pk)
