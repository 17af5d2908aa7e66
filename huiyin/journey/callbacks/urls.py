"""URLs of callbacks."""

from django.urls import path

from huiyin.journey.callbacks import views

app_name = "callbacks"
urlpatterns = [
    path("callbacks/", views.queue, name="queue"),
    path("callbacks/next/", views.next_one, name="next"),
    path("callbacks/<int:pk>/", views.callback, name="callback"),
    path("callbacks/<int:pk>/claim/", views.claiming, name="claiming"),
    path("callbacks/<int:pk>/release/", views.releasing, name="releasing"),
    path("callbacks/<int:pk>/contact/", views.contact, name="contact"),
    path("callbacks/<int:pk>/answer/", views.answering, name="answering"),
    path("callbacks/<int:pk>/appointment/", views.appointment, name="appointment"),
    path("callbacks/<int:pk>/cancellation/", views.cancellation, name="cancellation"),
    path("complaints/<str:number>/callbacks/", views.arranging, name="arranging"),
]
