"""Addresses of the console: the same few for every section."""

from django.urls import path

from huiyin.surface.console import authorising, held, views

app_name = "console"

urlpatterns = [
    path("console/", views.index, name="index"),
    path("console/settings/", views.settings_page, name="settings"),
    path("console/trial/", views.trial, name="trial"),
    path("console/holidays/import/", views.import_days, name="import_days"),
    path("console/mailboxes/authorised/", authorising.authorised, name="authorised"),
    path("console/mailboxes/<int:pk>/authorise/", authorising.authorise, name="authorise"),
    path("console/letters/held/", held.page, name="held"),
    path("console/<slug:name>/", views.listing, name="section"),
    path("console/<slug:name>/new/", views.new, name="new"),
    path("console/<slug:name>/<str:pk>/", views.row, name="row"),
    path("console/<slug:name>/<str:pk>/state/", views.state, name="state"),
    path("console/<slug:name>/<str:pk>/acts/<slug:verb>/", views.act, name="act"),
]
