"""A provider by HTTP and one by files."""

from __future__ import annotations

import pytest

from huiyin.ground.remembered import Remembered
from huiyin.journey.channels.hooks.models import Hook
from tests.social.standin import Standin


@pytest.fixture
def outside(settings):
    with Standin() as server:
        settings.WEBHOOK_INNER_HOSTS = (f"127.0.0.1:{server.port}",)
        yield server


@pytest.fixture
def provider(db, outside):
    hook = Hook(
        code="sms",
        name="短信服务商",
        connector="sms_http",
        options={"sign": "云朵", "url": f"{outside.url}/sms"},
    )
    hook.keep_secrets(api_key="k-secret")
    hook.save()
    Remembered.forget_all()
    return hook


@pytest.fixture
def folders(db, settings, tmp_path):
    settings.SMS_DIR = tmp_path / "sms"
    hook = Hook.objects.create(
        code="gate", name="短信网关", connector="sms_files", options={"sign": "云朵"}
    )
    Remembered.forget_all()
    return hook


@pytest.fixture
def day(clock):
    """In working hours, whenever the tests run."""
    with clock("2026-11-25 10:00"):
        yield
