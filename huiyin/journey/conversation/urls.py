"""URLs of the conversation."""

from django.urls import path

from huiyin.journey.conversation.views import evidence, writing

app_name = "conversation"
urlpatterns = [
    path("complaints/<str:number>/messages/", writing.messages, name="messages"),
    path("complaints/<str:number>/messages/<int:pk>/undo/", writing.undo, name="undo"),
    path("complaints/<str:number>/messages/<int:pk>/plan/", writing.plan, name="plan"),
    path("complaints/<str:number>/messages/<int:pk>/resend/", writing.resend, name="resend"),
    path("complaints/<str:number>/attachable/", writing.attachable, name="attachable"),
    path("complaints/<str:number>/presets/", writing.presets, name="presets"),
    path("complaints/<str:number>/evidence/", evidence.evidence, name="evidence"),
    path("evidence/<uuid:uuid>/", evidence.evidence_file, name="evidence_file"),
    path("evidence/<uuid:uuid>/description/", evidence.description, name="description"),
    path("evidence/<uuid:uuid>/hold/", evidence.hold, name="hold"),
    path("evidence/<uuid:uuid>/release/", evidence.release, name="release"),
]
