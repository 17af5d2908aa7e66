"""An outside system that answers, and what is asked of it."""

from __future__ import annotations

import pytest

from huiyin.ground.webhooks.models import Endpoint
from tests.webhooks.standin import Standin


@pytest.fixture
def standin(settings):
    """A server on the loopback, which the house has named as its own."""
    with Standin() as server:
        settings.WEBHOOK_INNER_HOSTS = (f"127.0.0.1:{server.port}",)
        yield server


@pytest.fixture
def endpoint(db, standin):
    made = Endpoint.objects.create(
        code="pay", name="支付系统", url=standin.url, status_url=standin.status_url
    )
    standin.secrets.append(made.secret)
    return made
