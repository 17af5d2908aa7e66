"""URLs of calls."""

from django.urls import path

from huiyin.journey.channels.phone.views import bar, listing

app_name = "phone"
urlpatterns = [
    path("calls/", listing.calls, name="calls"),
    path("calls/mine/", bar.mine, name="mine"),
    path("calls/<int:pk>/", listing.one, name="one"),
    path("calls/<int:pk>/notes/", bar.notes, name="notes"),
    path("calls/<int:pk>/notice/", bar.notice, name="notice"),
    path("calls/<int:pk>/check/", bar.check, name="check"),
    path("calls/<int:pk>/callback/", bar.callback, name="callback"),
    path("calls/<int:pk>/called-back/", bar.called_back, name="called_back"),
    path("calls/<int:pk>/help/", bar.help_, name="help"),
    path("calls/<int:pk>/coming/", bar.coming, name="coming"),
    path("calls/<int:pk>/abuse/", bar.abuse, name="abuse"),
    path("calls/<int:pk>/close/", bar.close, name="close"),
    path("calls/<int:pk>/finish/", bar.finish, name="finish"),
    path("calls/<int:pk>/link/", bar.link, name="link"),
    path("calls/<int:pk>/set-aside/", bar.set_aside, name="set_aside"),
    path("calls/<int:pk>/dial/", bar.dial, name="dial"),
    path("calls/<int:pk>/recordings/<int:recording>/fetch/", listing.fetching, name="fetching"),
]
