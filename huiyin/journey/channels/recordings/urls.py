"""URLs of recordings; each is named by its evidence."""

from django.urls import path

from huiyin.journey.channels.recordings.views import showing, writing

app_name = "recordings"
urlpatterns = [
    path("recordings/", showing.listed, name="list"),
    path("recordings/<uuid:uuid>/", showing.one, name="one"),
    path("recordings/<uuid:uuid>/player/", showing.player, name="player"),
    path("recordings/<uuid:uuid>/data/", showing.data, name="data"),
    path("recordings/<uuid:uuid>/sound/", showing.sound, name="sound"),
    path("recordings/<uuid:uuid>/state/", showing.state, name="state"),
    path("recordings/<uuid:uuid>/quotes/", showing.quotes, name="quotes"),
    path("recordings/<uuid:uuid>/listeners/", showing.listeners, name="listeners"),
    path("recordings/<uuid:uuid>/copy/", showing.copy, name="copy"),
    path("recordings/<uuid:uuid>/again/", showing.again, name="again"),
    path("recordings/<uuid:uuid>/swap/", showing.swap, name="swap"),
    path("recordings/<uuid:uuid>/quote/", writing.quote, name="quote"),
    path("recordings/<uuid:uuid>/transcript/", writing.transcript, name="transcript"),
    path("recordings/<uuid:uuid>/versions/", writing.versions, name="versions"),
    path("recordings/<uuid:uuid>/versions/<int:version>/", writing.version, name="version"),
    path("recordings/<uuid:uuid>/versions/<int:version>/restore/", writing.restore, name="restore"),
    path("recordings/<uuid:uuid>/export/", writing.export, name="export"),
    path("recordings/<uuid:uuid>/transcription/", writing.transcription, name="transcription"),
]
