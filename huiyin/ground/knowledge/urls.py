"""URLs of knowledge."""

from django.urls import path

from huiyin.ground.knowledge import views

app_name = "knowledge"
urlpatterns = [
    path("knowledge/articles/<str:code>/", views.article, name="article"),
]
