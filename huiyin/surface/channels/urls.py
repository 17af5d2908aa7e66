"""URLs of the page of channels."""

from django.urls import path

from huiyin.surface.channels import views

app_name = "channels"
urlpatterns = [
    path("channels/", views.page, name="page"),
    path("channels/trials/", views.trials, name="trials"),
    path("channels/<slug:key>/test/", views.test, name="test"),
]
