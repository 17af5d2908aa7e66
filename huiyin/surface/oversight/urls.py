"""Addresses of the board."""

from django.urls import path

from huiyin.surface.oversight import views

app_name = "oversight"

urlpatterns = [
    path("board/", views.board, name="board"),
]
