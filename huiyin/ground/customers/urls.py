"""Addresses of customers."""

from django.urls import path

from huiyin.ground.customers import views

app_name = "customers"

urlpatterns = [
    path("customers/<int:pk>/", views.customer, name="customer"),
]
