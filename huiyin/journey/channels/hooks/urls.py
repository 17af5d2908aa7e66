"""URLs of hooks."""

from django.urls import path

from huiyin.journey.channels.hooks import views

app_name = "hooks"
urlpatterns = [path("hooks/in/<slug:code>/", views.come, name="come")]
