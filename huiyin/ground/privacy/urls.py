"""Addresses of looking behind the mask."""

from django.urls import path

from huiyin.ground.privacy import views

app_name = "privacy"

urlpatterns = [
    path("customers/<int:pk>/reveal/", views.reveal, name="reveal"),
]
