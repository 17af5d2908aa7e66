"""The outbox: by which way each letter goes, to whom behind the mask, and why it did not arrive."""

from __future__ import annotations

import re

import pytest

from huiyin.ground.sentence import sentence as _
from huiyin.journey.conversation.actions import post_letter
from huiyin.journey.conversation.models import Letter
from huiyin.journey.conversation.words import LetterState

pytestmark = pytest.mark.django_db

ROWS = {  # by channel: recipient, and what is shown of it
    "email": ("wang@example.com", "w***@example.com"),
    "sms": ("13800138000", "138****8000"),
    "social": ("wx:o-secret", "wx:***"),
    "letter": ("王芳", "***"),
}


@pytest.fixture
def letters(make_complaint):
    complaint = make_complaint()
    for channel, (recipient, _shown) in ROWS.items():
        letter = post_letter(
            complaint,
            event=None,
            purpose="received",
            channel=channel,
            recipient=recipient,
            subject=f"经 {channel}",
            body="x",
        )
        assert letter is not None
        Letter.objects.filter(pk=letter.pk).update(
            state=LetterState.FAILED, error=_("解析不到这个域名，请检查地址"), tries=5
        )
    return complaint


def listed(client, **asked) -> dict[str, str]:
    """Each row as text, by its subject."""
    page = client.get("/console/letters/", asked).content.decode()
    body = page.partition('id="rows"')[2].partition("</tbody>")[0]
    texts = [" ".join(re.sub(r"<[^>]*>", " ", row).split()) for row in body.split("<tr")[1:]]
    return {found[0]: text for text in texts if (found := re.search(r"经 \w+", text))}


def test_each_row_says_its_way_its_recipient_and_what_went_wrong(letters, signed_in, manager):
    rows = listed(signed_in(manager))
    assert set(rows) == {f"经 {channel}" for channel in ROWS}
    for channel, (recipient, shown) in ROWS.items():
        assert shown in rows[f"经 {channel}"]
        assert recipient not in rows[f"经 {channel}"]
        assert "解析不到这个域名" in rows[f"经 {channel}"]
    assert "短信" in rows["经 sms"]
    assert "社交媒体" in rows["经 social"]


@pytest.mark.parametrize(
    ("way", "shown"),
    [
        ("social", {"social"}),
        ("sms", {"sms"}),
        ("paper", {"letter"}),
        ("electronic", {"email", "sms", "social"}),
        ("nonsense", set(ROWS)),
    ],
)
def test_it_is_narrowed_to_one_way(letters, signed_in, manager, way, shown):
    assert set(listed(signed_in(manager), way=way)) == {f"经 {one}" for one in shown}


def test_what_arrived_after_all_keeps_no_reason(letters, signed_in, manager):
    Letter.objects.filter(channel="social").update(
        state=LetterState.SENT, error="", reach="read", sent_at="2026-11-30T10:00:00Z"
    )
    Letter.objects.filter(channel="sms").update(
        state=LetterState.SENT, error=_("空号"), reach="missed", sent_at="2026-11-30T10:00:00Z"
    )
    rows = listed(signed_in(manager))
    assert "已阅读" in rows["经 social"]
    assert "空号" in rows["经 sms"]
