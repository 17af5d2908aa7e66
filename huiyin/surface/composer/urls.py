"""URLs of the composer."""

from django.urls import path

from huiyin.surface.composer import views

app_name = "composer"
OPTIONS = "complaints/<str:number>/options/"
urlpatterns = [
    path("remedies/fitting/", views.fitting, name="fitting"),
    path(OPTIONS, views.options, name="options"),
    path(f"{OPTIONS}draft/", views.draft, name="draft"),
    path(f"{OPTIONS}card/", views.card, name="card"),
    path(f"{OPTIONS}words/", views.words, name="words"),
    path(f"{OPTIONS}similar/", views.similar, name="similar"),
    path(f"{OPTIONS}calculators/<slug:kind>/", views.calculator, name="calculator"),
    path(f"{OPTIONS}calculators/<slug:kind>/applied/", views.applied, name="applied"),
]
