"""URLs of the inbox."""

from django.urls import path

from huiyin.surface.inbox import views

app_name = "inbox"

urlpatterns = [
    path("inbox/", views.inbox, name="inbox"),
    path("inbox/selected/", views.selected, name="selected"),
    path("inbox/<slug:key>/<int:pk>/", views.one, name="one"),
]
