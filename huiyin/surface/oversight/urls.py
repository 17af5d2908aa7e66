"""Addresses of oversight."""

from django.urls import path

from huiyin.surface.oversight.views import board, league, wall

app_name = "oversight"

urlpatterns = [
    path("board/", board.board, name="board"),
    path("board/tasks/", league.tasks, name="tasks"),
    path("board/league/", league.league, name="league"),
    path("board/league/rows/", league.rows, name="rows"),
    path("board/league/file/", league.file, name="file"),
    path("board/walls/", wall.walls, name="walls"),
    path("board/walls/<int:pk>/closing/", wall.closing, name="closing"),
    path("wall/<str:token>/", wall.wall, name="wall"),
    path("wall/<str:token>/figures/", wall.figures, name="figures"),
]
