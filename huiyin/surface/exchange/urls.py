"""Addresses of exchange. Those of the import stand inside the console."""

from django.urls import path

from huiyin.surface.exchange import surveys, views

app_name = "exchange"

urlpatterns = [
    path("surveys/<int:pk>/answers/export/", surveys.survey_export, name="survey_export"),
    path("console/imports/", views.imports, name="imports"),
    path("console/imports/<int:pk>/", views.one, name="import"),
    path("console/imports/<int:pk>/mapping/", views.mapping, name="mapping"),
    path("console/imports/<int:pk>/run/", views.run, name="run"),
    path("console/imports/<int:pk>/halt/", views.halt, name="halt"),
    path("console/imports/<int:pk>/removal/", views.removal, name="removal"),
    path("console/imports/<int:pk>/errors.csv", views.errors, name="errors"),
    path("queue/exports/", views.exports, name="exports"),
    path("queue/exports/<int:pk>/", views.export, name="export"),
]
