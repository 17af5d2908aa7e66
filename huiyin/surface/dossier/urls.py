"""URLs of the dossier."""

from django.urls import path

from huiyin.surface.dossier import views

app_name = "dossier"
urlpatterns = [
    path("complaints/<str:number>/follow-up/", views.follow_up, name="follow_up"),
    path("complaints/<str:number>/printing/", views.printing, name="printing"),
    path("printings/<uuid:uuid>/", views.progress, name="progress"),
    path("printings/<uuid:uuid>/file/", views.file, name="file"),
]
