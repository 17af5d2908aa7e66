"""URLs of triage."""

from django.urls import path

from huiyin.journey.triage import views

app_name = "triage"
urlpatterns = [
    path("complaints/<str:number>/triage/", views.triage, name="triage"),
    path("complaints/<str:number>/rejection/", views.rejection, name="rejection"),
]
