"""A mail of a customer as people may look at it: cleaned, in a frame, with no request of its own.

The pictures stand in the document itself: those of the mail at once, remote ones after somebody
asked for them, fetched by us. So the frame loads nothing, whatever is in it.
"""

from __future__ import annotations

import base64
import re
from functools import partial
from pathlib import Path

from django.db import transaction
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString

from huiyin.ground import moment
from huiyin.ground.people.models import User
from huiyin.ground.privacy.actions import record_export
from huiyin.ground.refusal import Refused
from huiyin.ground.sentence import sentence as _
from huiyin.journey.channels.mail.actions import fetching
from huiyin.journey.channels.mail.models import Mail, MailQuerySet, Part, Picture, Touch
from huiyin.journey.channels.mail.permissions import can_review_mail, can_take_files
from huiyin.journey.channels.mail.reading import beside
from huiyin.journey.channels.mail.words import PictureFault, TouchKind

LARGEST_INSIDE = 3 * 1024 * 1024  # of one picture; a larger one is opened as evidence
LARGEST_TOGETHER = 10 * 1024 * 1024
MAGIC = {b"\x89PNG\r\n": "image/png", b"\xff\xd8\xff": "image/jpeg", b"GIF8": "image/gif"}
PLACE = re.compile(r'src="cid:huiyin\.(remote|cid)\.(\d{1,4})"')
STYLE = Path(__file__).parent.parent / "templates" / "mail" / "frame.css"


def mails_of(user: User) -> MailQuerySet:
    """Those this person may look at."""
    return Mail.objects.visible_to(user, reviews=can_review_mail(user, None))


def shown(mail: Mail) -> beside.Shown:
    """Its HTML made harmless, by a child; of an empty one nothing."""
    return beside.cleaned(mail.html) if mail.html.strip() else beside.Shown()


def document(mail: Mail) -> str:
    """The whole document of the frame."""
    made = shown(mail)
    known = {one.address: bytes(one.data) for one in mail.pictures.all()} if made.remote else {}
    inside = _inside(mail, made.inside)
    remote = {place: known.get(address, b"") for place, address in enumerate(made.remote)}
    body = PLACE.sub(partial(_placed, inside=inside, remote=remote, spent=[0]), made.html)
    return render_to_string(
        "mail/frame.html",
        {"body": SafeString(body), "style": _style(), "fault": made.fault, "text": mail.text},
    )


def _style() -> SafeString:
    return format_html("<style>{}</style>", STYLE.read_text())


def _placed(
    found: re.Match[str], *, inside: dict[int, bytes], remote: dict[int, bytes], spent: list[int]
) -> str:
    """The picture of this place in the document itself; none where it was not asked for."""
    data = (remote if found[1] == "remote" else inside).get(int(found[2]), b"")
    kind = kind_of(data)
    spent[0] += len(data)
    if not kind or spent[0] > LARGEST_TOGETHER:
        return 'class="blocked"'
    return f'src="data:{kind};base64,{base64.b64encode(data).decode()}"'


def kind_of(data: bytes) -> str:
    """What picture it is by its first bytes; "" for what is none that we show."""
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    return next((kind for head, kind in MAGIC.items() if data.startswith(head)), "")


def _inside(mail: Mail, wanted: tuple[str, ...]) -> dict[int, bytes]:
    """Pictures that came within the mail, by their place among those it shows."""
    if not wanted:
        return {}
    parts = {one.content_id.strip("<>"): one for one in mail.parts.select_related("evidence")}
    found: dict[int, bytes] = {}
    for place, content_id in enumerate(wanted):
        part = parts.get(content_id)
        if part is not None and part.size <= LARGEST_INSIDE:
            found[place] = fetching.bytes_of(part)
    return found


def count_remote(mail: Mail) -> int:
    """How many remote images it has: counted by the child once, then kept."""
    if mail.remote_images is None:
        count = min(len(shown(mail).remote), 999)
        Mail.objects.filter(pk=mail.pk).update(remote_images=count)
        mail.remote_images = count
    return mail.remote_images


def show_images(mail: Mail, *, by: User, again: bool = False) -> int:
    """Fetch the remote images of this mail, once, and on record; how many are there now. `again`:
    also those that could not be had before. The caller has checked that `by` sees the mail. It is
    on record before anything is asked of others, and nothing is held in the database while they
    answer."""
    wanted = shown(mail).remote
    if not wanted:
        raise Refused(_("这封邮件没有远程图片"))
    with transaction.atomic():
        Mail.objects.filter(pk=mail.pk).update(images_shown=True)
        Touch.objects.create(mail=mail, what=TouchKind.IMAGES, by=by, at=moment.now())
    mail.images_shown = True
    tried = mail.pictures.exclude(data=b"") if again else mail.pictures.all()
    there = set(tried.values_list("address", flat=True))
    fetched = fetching.fetched([one for one in wanted if one not in there])
    now = moment.now()
    Picture.objects.bulk_create(
        [
            Picture(mail=mail, address=f.address, data=f.data, fault=f.fault, at=now)
            for f in fetched
        ],
        update_conflicts=True,
        unique_fields=["mail", "address"],
        update_fields=["data", "fault", "at"],
    )
    return mail.pictures.exclude(data=b"").count()


def missing_of(mail: Mail) -> tuple[int, str]:
    """How many of its remote images are not there though asked for, and why, in words."""
    if not mail.images_shown:
        return 0, ""
    had = mail.pictures.exclude(data=b"").count()
    faults = mail.pictures.filter(data=b"").exclude(fault="").values_list("fault", flat=True)
    whys = [str(PictureFault(one).label) for one in sorted(set(faults))]
    return max(0, count_remote(mail) - had), "、".join(whys)


@transaction.atomic
def take_original(mail: Mail, *, by: User, reason: str) -> bytes:
    """The mail byte for byte, to take out of the house: with a reason, as every export is."""
    number = mail.complaint.number if mail.complaint else ""
    record_export(by=by, reason=reason, kind="eml", asked={"mail": f"{mail.pk} {number}"}, rows=1)
    Touch.objects.create(mail=mail, what=TouchKind.ORIGINAL, by=by, at=moment.now())
    return bytes(mail.raw)


def take_file(part: Part, *, by: User) -> bytes:
    """A file that became no evidence, out of the mail as it came; on record. The caller has checked
    that `by` sees the mail."""
    can_take_files.require(by, part.mail)
    data = fetching.bytes_of(part)
    if not data:
        raise Refused(_("这个附件取不出来，请下载原件查看"))
    Touch.objects.create(
        mail=part.mail, what=TouchKind.PART, place=part.place, by=by, at=moment.now()
    )
    return data


def folded_of(mail: Mail) -> str:
    """What the story leaves out: quotes and signature, as they came."""
    said = {line.strip() for line in mail.message.text.splitlines()} if mail.message else set()
    lines = [line for line in mail.text.splitlines() if line.strip() not in said]
    return "\n".join(lines).strip() if said else ""
