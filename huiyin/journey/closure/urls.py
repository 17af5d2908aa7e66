"""URLs of the closure."""

from django.urls import path

from huiyin.journey.closure import views

app_name = "closure"
urlpatterns = [
    path("complaints/<str:number>/feedback/", views.feedback, name="feedback"),
    path("complaints/<str:number>/visits/", views.visits, name="visits"),
    path("complaints/<str:number>/closure/", views.closure, name="closure"),
    path("complaints/<str:number>/reopening/", views.reopening, name="reopening"),
    path("complaints/<str:number>/rework/", views.rework, name="rework"),
    path("complaints/<str:number>/taking-up/", views.taking_up, name="taking_up"),
    path("complaints/<str:number>/withdrawal/", views.withdrawal, name="withdrawal"),
    path("complaints/<str:number>/cancellation/", views.cancellation, name="cancellation"),
]
