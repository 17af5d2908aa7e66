"""URLs of the conversation."""

from django.urls import path

from huiyin.journey.conversation import views

app_name = "conversation"
urlpatterns = [
    path("complaints/<str:number>/messages/", views.messages, name="messages"),
    path("complaints/<str:number>/messages/<int:pk>/undo/", views.undo, name="undo"),
    path("complaints/<str:number>/messages/<int:pk>/plan/", views.plan, name="plan"),
    path("complaints/<str:number>/attachable/", views.attachable, name="attachable"),
    path("complaints/<str:number>/presets/", views.presets, name="presets"),
    path("complaints/<str:number>/evidence/", views.evidence, name="evidence"),
    path("evidence/<uuid:uuid>/", views.evidence_file, name="evidence_file"),
    path("evidence/<uuid:uuid>/description/", views.description, name="description"),
    path("evidence/<uuid:uuid>/hold/", views.hold, name="hold"),
    path("evidence/<uuid:uuid>/release/", views.release, name="release"),
]
