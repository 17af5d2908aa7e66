"""URLs of the counter."""

from django.urls import path

from huiyin.journey.channels.counter import views

app_name = "counter"
urlpatterns = [
    path("counter/", views.home, name="home"),
    path("counter/begin/", views.begin, name="begin"),
    path("counter/<uuid:key>/", views.write, name="write"),
    path("counter/<uuid:key>/save/", views.save, name="save"),
    path("counter/<uuid:key>/read/", views.read, name="read"),
    path("counter/<uuid:key>/back/", views.back, name="back"),
    path("counter/<uuid:key>/sign/", views.sign, name="sign"),
    path("counter/<uuid:key>/drop/", views.drop, name="drop"),
    path("counter/<uuid:key>/receipt/", views.receipt, name="receipt"),
    path("counter/<uuid:key>/receipt.pdf", views.receipt_file, name="receipt_file"),
]
