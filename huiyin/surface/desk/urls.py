"""URLs of the desk, and of an outsider's link."""

from django.urls import path

from huiyin.surface.desk import improving, outside, views

app_name = "desk"
urlpatterns = [
    path("desk/", views.listing, name="list"),
    path("desk/improvements/", improving.improvements, name="improvements"),
    path("desk/tasks/<int:pk>/", views.task, name="task"),
    path("directory/", views.directory, name="directory"),
    path("answer/<str:token>/", outside.outside, name="outside"),
    path("answer/<str:token>/<slug:act>/", outside.outside_act, name="outside_act"),
    path("answer/<str:token>/files/<uuid:uuid>/", outside.outside_file, name="outside_file"),
]
