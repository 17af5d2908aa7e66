"""The demonstration's mails become what they should: no other test lives through them alone."""

from __future__ import annotations

import pytest

from huiyin.ground import moment
from huiyin.journey.channels.mail.models import Mail, Sending
from huiyin.journey.complaint.words import What
from huiyin.surface.demo.story.mailing import mailing

pytestmark = pytest.mark.django_db


class Stage:
    """As much of the theatre as these acts need."""

    ends = moment.now()

    def clocks_of(self, _complaint):
        return {}


def test_each_mail_of_the_demonstration_has_its_part(li):
    ((_when, acts),) = mailing({"li": li}, Stage())  # type: ignore[arg-type]
    for when in acts:
        assert when > moment.now()
    outcomes = sorted(Mail.objects.values_list("outcome", "state"))
    assert outcomes == [
        ("", "held"),
        ("new", "handled"),
        ("new", "handled"),
        ("new", "handled"),
        ("noted", "handled"),
        ("threaded", "handled"),
    ]
    assert Mail.objects.filter(suspected__isnull=False).count() == 1
    first = Mail.objects.order_by("pk").first()
    assert first is not None
    assert first.html
    assert first.parts.get().content_id
    assert Sending.objects.filter(state="returned").count() == 1
    returned = Sending.objects.get(state="returned").letter
    assert returned.complaint is not None
    assert returned.complaint.events.filter(what=What.LETTER_RETURNED).exists()
