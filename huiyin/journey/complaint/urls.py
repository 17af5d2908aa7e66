"""URLs of the spine."""

from django.urls import path

from huiyin.journey.complaint import views

app_name = "complaint"
urlpatterns = [
    path("complaints/<str:number>/restriction/", views.restriction, name="restriction"),
    path("complaints/<str:number>/restriction/lifting/", views.lifting, name="lifting"),
    path("complaints/<str:number>/restriction/barring/", views.barring, name="barring"),
    path("complaints/<str:number>/restriction/unbarring/", views.unbarring, name="unbarring"),
]
