"""Addresses of signing in and of oneself."""

from django.urls import path

from huiyin.ground.people import views

app_name = "people"

urlpatterns = [
    path("sign-in/", views.sign_in, name="sign_in"),
    path("sign-out/", views.sign_out, name="sign_out"),
    path("me/", views.profile, name="profile"),
    path("me/password/", views.password, name="password"),
    path("me/presence/", views.presence, name="presence"),
]
