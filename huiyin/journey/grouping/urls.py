"""URLs of grouping."""

from django.urls import URLPattern

app_name = "grouping"
urlpatterns: list[URLPattern] = []
