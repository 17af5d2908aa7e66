"""URLs of webhooks."""

from django.urls import path

from huiyin.ground.webhooks import views

app_name = "webhooks"
urlpatterns = [path("hooks/execution/<slug:code>/", views.report, name="report")]
