"""URLs of the desk."""

from django.urls import path

from huiyin.journey.channels.chat.desk import acts, views

app_name = "chats"
urlpatterns = [
    path("chats/", views.desk, name="desk"),
    path("chats/pulse/", views.pulse, name="pulse"),
    path("chats/all/", views.every, name="all"),
    path("chats/files/<uuid:uuid>/", views.staff_file, name="staff_file"),
    path("chats/seat/", acts.seat, name="seat"),
    path("chats/next/", acts.take_next, name="next"),
    path("chats/<int:pk>/", views.chat, name="chat"),
    path("chats/<int:pk>/context/", views.context, name="context"),
    path("chats/<int:pk>/contact/", acts.contact, name="contact"),
    path("chats/<int:pk>/accept/", acts.accept, name="accept"),
    path("chats/<int:pk>/takeover/", acts.takeover, name="takeover"),
    path("chats/<int:pk>/say/", acts.say, name="say"),
    path("chats/<int:pk>/whisper/", acts.whisper, name="whisper"),
    path("chats/<int:pk>/typing/", acts.typing, name="typing"),
    path("chats/<int:pk>/reading/", acts.reading, name="reading"),
    path("chats/<int:pk>/transfer/", acts.transfer, name="transfer"),
    path("chats/<int:pk>/ending/", acts.ending, name="ending"),
    path("chats/<int:pk>/attachment/", acts.attachment, name="attachment"),
]
