"""URLs of the resolution."""

from django.urls import path

from huiyin.journey.resolution import views

app_name = "resolution"
OFFER = "complaints/<str:number>/offers/<int:pk>"
urlpatterns = [
    path("complaints/<str:number>/offers/", views.offers, name="offers"),
    path(f"{OFFER}/approval/", views.approval, name="approval"),
    path(f"{OFFER}/change/", views.changing, name="change"),
    path(f"{OFFER}/acknowledgement/", views.acknowledgement, name="acknowledgement"),
    path(f"{OFFER}/recusal/", views.recusal, name="recusal"),
    path("complaints/<str:number>/rounds/withdrawal/", views.withdrawal, name="withdrawal"),
    path("complaints/<str:number>/counter-offers/", views.wish, name="wish"),
    path(f"{OFFER}/telling/", views.telling, name="telling"),
    path(f"{OFFER}/answer/", views.answer, name="answer"),
    path(f"{OFFER}/execution/", views.execution, name="execution"),
    path("budgets/<int:pk>/", views.budget, name="budget"),
]
