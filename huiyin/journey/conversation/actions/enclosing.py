"""What goes with a letter: which files, and their bytes as they were kept."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db.models import Q

from huiyin.ground.refusal import Invalid
from huiyin.ground.sentence import sentence as _
from huiyin.journey.complaint.models import Complaint
from huiyin.journey.conversation import rules
from huiyin.journey.conversation.actions.outcomes import Unfit
from huiyin.journey.conversation.models import Evidence, EvidenceQuerySet, Letter
from huiyin.journey.conversation.ways import Way


def to_attach(complaint: Complaint, marks: Sequence[UUID | str]) -> list[Evidence]:
    """Files of the complaint that were chosen to go with a reply. One that the customer may not
    have, perhaps no longer, is refused: what was chosen is never left out silently."""
    wanted = {str(one) for one in marks}
    found = list(complaint.evidence.for_customer().filter(uuid__in=wanted)) if wanted else []
    if len(found) < len(wanted):
        sentence = _("选中的附件里有不能发给客户的（内部、敏感或不属于这条投诉），请重新选择")
        raise Invalid(sentence, files=sentence)
    return found


def enclosed(letter: Letter) -> EvidenceQuerySet:
    """Uploaded with the reply or chosen for it."""
    if letter.message_id is None:
        return Evidence.objects.none()
    own = Q(message=letter.message_id) | Q(pk__in=letter.attached.values("pk"))
    return Evidence.objects.filter(own, complaint=letter.complaint_id)


def files_of(letter: Letter) -> list[Evidence]:
    """The same, of what is for the customer's eyes by now."""
    return list(enclosed(letter).for_customer())


def withheld(letter: Letter) -> Evidence | None:
    """One that was for his eyes when it was written, and is no more."""
    return enclosed(letter).exclude(pk__in=[one.pk for one in files_of(letter)]).first()


def told_withheld(file: Evidence) -> str:
    if file.is_sensitive:  # a name can say it all
        return _("有一个附件已改为敏感证据，没有发给客户")
    return _("“%(name)s”已改为内部证据，没有发给客户") % {"name": file.name}


def bytes_of(file: Evidence) -> bytes:
    """As they were kept: what is gone, or is no longer what it was, goes nowhere."""
    try:
        data = (Path(settings.EVIDENCE_DIR) / file.path).read_bytes()
    except OSError as error:
        raise Unfit(_("“%(name)s”的文件读不出来，没有发出") % {"name": file.name}) from error
    if len(data) != file.size or hashlib.sha256(data).hexdigest() != file.sha256:
        raise Unfit(_("“%(name)s”与登记时的内容不同，没有发出") % {"name": file.name})
    return data


def refusal(way: Way, files: list[rules.Going]) -> str:
    """Why these files do not go by this way, as a sentence that says what to do; "" if they do."""
    if not files or not way.can_wait:  # what is only kept on record keeps any file
        return ""
    about = {"way": way.label}
    if not way.most_bytes:
        return way.no_files or _("%(way)s不能带附件，请去掉附件或换一种方式") % about
    for one in files:
        if said := _unfit(way, one):
            return said
    if way.most_files and len(files) > way.most_files:
        about |= {"most": str(way.most_files), "now": str(len(files))}
        sentence = _("%(way)s这次最多带 %(most)s 个附件，现在是 %(now)s 个，请去掉几个或换一种方式")
        return sentence % about
    together = sum(one.size for one in files)
    if together > way.most_bytes:
        about |= {"most": str(way.most_bytes >> 20), "now": rules.megabytes(together)}
        return (
            _("%(way)s的附件合计最多 %(most)s MB，现在是 %(now)s MB，请去掉几个或换一种方式")
            % about
        )
    return ""


def _unfit(way: Way, file: rules.Going) -> str:
    why, bound = rules.unfit(way.takes, file)
    about = {"way": way.label, "name": rules.safe_name(file.name)}
    if why == "kind":
        sentence = _(
            "“%(name)s”不能这样发：%(way)s只收%(sorts)s，请改用邮件，或用网页门户让客户自己下载"
        )
        return sentence % {**about, "sorts": way.sorts_named}
    if why == "large":
        about |= {"most": str(bound >> 20), "now": rules.megabytes(file.size)}
        sentence = _(
            "“%(name)s”有 %(now)s MB，%(way)s每个最多 %(most)s MB，请压缩后再选或换一种方式"
        )
        return sentence % about
    if why == "small":
        return _("“%(name)s”不到 %(least)s 个字节，平台不收，请换一个文件") % {
            **about,
            "least": bound,
        }
    return ""
