"""URLs of hooks."""

from django.urls import path

from huiyin.journey.channels.hooks import views

app_name = "hooks"
urlpatterns = [
    path("hooks/in/<slug:code>/", views.come, name="come"),
    path("hooks/arrivals/", views.arrivals, name="arrivals"),
    path("hooks/arrivals/<int:pk>/again/", views.again, name="again"),
    path("hooks/arrivals/<int:pk>/raw/", views.raw, name="raw"),
]
