"""What answers a URL."""

from django.urls import URLPattern, URLResolver, include, path

from huiyin.api import api, readable
from huiyin.ground.web import views as web
from huiyin.journey.complaint import live

STAGES = (
    "huiyin.ground.people",
    "huiyin.ground.customers",
    "huiyin.ground.privacy",
    "huiyin.ground.knowledge",
    "huiyin.ground.webhooks",
    "huiyin.journey.complaint",
    "huiyin.journey.conversation",
    "huiyin.journey.triage",
    "huiyin.journey.routing",
    "huiyin.journey.clocks",
    "huiyin.journey.grouping",
    "huiyin.journey.cooperation",
    "huiyin.journey.supervision",
    "huiyin.journey.callbacks",
    "huiyin.journey.channels.hooks",
    "huiyin.journey.channels.mail",
    "huiyin.journey.channels.recordings",
    "huiyin.journey.channels.paper",
    "huiyin.journey.channels.counter",
    "huiyin.journey.channels.chat",
    "huiyin.journey.channels.chat.desk",
    "huiyin.journey.channels.phone",
    "huiyin.journey.channels.social",
    "huiyin.journey.investigation",
    "huiyin.journey.guidance",
    "huiyin.journey.resolution",
    "huiyin.journey.consent",
    "huiyin.journey.execution",
    "huiyin.journey.promises",
    "huiyin.journey.closure",
    "huiyin.journey.survey",
    "huiyin.journey.improvement",
    "huiyin.surface.notices",
    "huiyin.surface.workbench",
    "huiyin.surface.inbox",
    "huiyin.surface.composer",
    "huiyin.surface.dossier",
    "huiyin.surface.oversight",
    "huiyin.surface.exchange",
    "huiyin.surface.console",
    "huiyin.surface.portal",
    "huiyin.surface.desk",
    "huiyin.surface.channels",
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", web.alive, name="healthz"),
    path("readyz", web.ready, name="readyz"),
    path("language/", web.set_language, name="set_language"),
    path("live/", live.stream, name="live"),
    path("api/v1/docs", readable, name="api_docs"),
    path("api/v1/", api.urls),
    *(path("", include(f"{stage}.urls")) for stage in STAGES),
]

handler400 = web.unreadable
handler403 = web.forbidden
handler404 = web.missing
handler500 = web.broken
