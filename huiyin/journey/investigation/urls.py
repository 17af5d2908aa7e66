"""URLs of the investigation."""

from django.urls import path

from huiyin.journey.investigation import views

app_name = "investigation"
urlpatterns = [
    path("complaints/<str:number>/findings/", views.findings, name="findings"),
    path("complaints/<str:number>/evidence-index/", views.evidence_index, name="evidence_index"),
    path("evidence/<uuid:uuid>/custody/", views.custody, name="custody"),
]
