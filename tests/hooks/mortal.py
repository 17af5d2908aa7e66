"""A worker that may die by kill -9 between keeping a message and having taken it."""

from __future__ import annotations

import os
from datetime import timedelta

import django

from tests.mail.mortal import deadly


def main() -> None:
    from huiyin.journey.channels.hooks.actions import taking
    from huiyin.journey.channels.hooks.models import Arrival
    from huiyin.journey.channels.sms.actions import telling
    from huiyin.journey.channels.social.connectors import webhook

    deadly(taking, "_next", after=True)  # taken, not read
    deadly(webhook, "hear", before=True, after=True)  # a complaint, uncommitted
    deadly(telling, "hear", after=True)
    deadly(taking, "_take", after=True)  # everything is done
    taking.TAKEN_FOR = timedelta(seconds=0.5)
    taking.TRY_AGAIN_AFTER = (0,) * 60  # type: ignore[assignment]  # dying is no fault of the message
    while True:
        taking.take_due()
        if not Arrival.objects.filter(state="kept").exists():
            return


if __name__ == "__main__":
    assert os.environ["MORTAL"]
    django.setup()
    main()
