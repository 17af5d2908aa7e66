"""URLs of knowledge."""

from django.urls import path

from huiyin.ground.knowledge import views

app_name = "knowledge"
urlpatterns = [
    path("knowledge/", views.library, name="library"),
    path("knowledge/new/", views.writing, name="writing"),
    path("knowledge/preview/", views.preview, name="preview"),
    path("knowledge/reviews/", views.reviews, name="reviews"),
    path("knowledge/import/", views.imports, name="imports"),
    path("knowledge/gaps/settling/", views.settling, name="settling"),
    path("knowledge/articles/<str:code>/", views.article, name="article"),
    path("knowledge/articles/<str:code>/revising/", views.revising, name="revising"),
    path("knowledge/articles/<str:code>/withdrawing/", views.withdrawing, name="withdrawing"),
    path("knowledge/articles/<str:code>/confirming/", views.confirming, name="confirming"),
    path("knowledge/versions/<int:pk>/", views.editor, name="editor"),
    path("knowledge/versions/<int:pk>/submitting/", views.submitting, name="submitting"),
    path("knowledge/versions/<int:pk>/taking-back/", views.taking_back, name="taking_back"),
    path("knowledge/versions/<int:pk>/deciding/", views.deciding, name="deciding"),
    path("knowledge/versions/<int:pk>/discarding/", views.discarding, name="discarding"),
]
