"""URLs of supervision."""

from django.urls import path

from huiyin.journey.supervision import views

app_name = "supervision"
urlpatterns = [
    path("supervision/", views.supervisions, name="supervisions"),
    path("supervision/<int:pk>/", views.supervision, name="supervision"),
    path("supervision/<int:pk>/level/", views.level, name="level"),
    path("supervision/<int:pk>/measures/", views.measures, name="measures"),
    path("supervision/<int:pk>/review/", views.review, name="review"),
    path("supervision/<int:pk>/lifting/", views.lifting, name="lifting"),
    path("supervision/<int:pk>/files/<uuid:uuid>/", views.file, name="file"),
    path("complaints/<str:number>/supervisions/", views.beginning, name="beginning"),
]
