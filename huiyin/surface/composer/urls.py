"""URLs of composer."""

from django.urls import URLPattern

app_name = "composer"
urlpatterns: list[URLPattern] = []
