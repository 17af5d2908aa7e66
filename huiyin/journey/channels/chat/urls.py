"""URLs of chats: the widget's, which any page of an allowed site may ask, and the desk's."""

from django.urls import path

from huiyin.journey.channels.chat.views import desk_live, transcripts, visiting, widget

app_name = "chat"
urlpatterns = [
    path("chat/widget.js", widget.widget, name="widget"),
    path("chat/<slug:code>/", widget.settings, name="settings"),
    path("chat/<slug:code>/try/", widget.trial, name="trial"),
    path("chat/<slug:code>/known/", visiting.known, name="known"),
    path("chat/<slug:code>/begin/", visiting.begin, name="begin"),
    path("chat/<slug:code>/message/", visiting.message, name="message"),
    path("chat/<slug:code>/lines/", visiting.lines, name="lines"),
    path("chat/<slug:code>/files/", visiting.files, name="files"),
    path("chat/<slug:code>/files/<uuid:uuid>/", visiting.file, name="file"),
    path("chat/<slug:code>/seen/", visiting.seen, name="seen"),
    path("chat/<slug:code>/typing/", visiting.typing, name="typing"),
    path("chat/<slug:code>/page/", visiting.page, name="page"),
    path("chat/<slug:code>/end/", visiting.end, name="end"),
    path("chat/<slug:code>/rating/", visiting.rating, name="rating"),
    path("chat/<slug:code>/copy/", visiting.copy, name="copy"),
    path("chat/<slug:code>/live/", visiting.live, name="live"),
    path("chats/live/", desk_live.desk_live, name="desk_live"),
    path("chats/<uuid:uid>/transcript/", transcripts.transcript, name="transcript"),
    path(
        "chats/<uuid:uid>/transcript/<uuid:file>/",
        transcripts.transcript_file,
        name="transcript_file",
    ),
]
