"""URLs of consent."""

from django.urls import path

from huiyin.journey.consent import views

app_name = "consent"
urlpatterns = [
    path("complaints/<str:number>/consent/link/", views.links, name="links"),
    path("complaints/<str:number>/consent/", views.proofs, name="proofs"),
    path("complaints/<str:number>/offers/<int:pk>/consent/", views.consents, name="consents"),
    path(
        "complaints/<str:number>/offers/<int:pk>/consent/withdrawal/",
        views.withdrawal,
        name="withdrawal",
    ),
]
