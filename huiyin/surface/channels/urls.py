"""URLs of the page of channels."""

from django.urls import path

from huiyin.surface.channels import views

app_name = "channels"
urlpatterns = [path("channels/", views.page, name="page")]
