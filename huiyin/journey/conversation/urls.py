"""URLs of the conversation."""

from django.urls import path

from huiyin.journey.conversation import views

app_name = "conversation"
urlpatterns = [
    path("complaints/<str:number>/messages/", views.messages, name="messages"),
    path("complaints/<str:number>/evidence/", views.evidence, name="evidence"),
    path("evidence/<uuid:uuid>/", views.evidence_file, name="evidence_file"),
    path("evidence/<uuid:uuid>/description/", views.description, name="description"),
    path("evidence/<uuid:uuid>/hold/", views.hold, name="hold"),
    path("evidence/<uuid:uuid>/release/", views.release, name="release"),
]
