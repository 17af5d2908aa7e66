"""URLs of the clocks."""

from django.urls import path

from huiyin.journey.clocks import views

app_name = "clocks"
urlpatterns = [
    path("complaints/<str:number>/extensions/", views.extensions, name="extensions"),
    path("complaints/<str:number>/policies/", views.policies, name="policies"),
    path("complaints/<str:number>/policies/<slug:code>/removal/", views.removal, name="removal"),
]
