"""Addresses of customers."""

from django.urls import path

from huiyin.ground.customers import views

app_name = "customers"

urlpatterns = [
    path("customers/<int:pk>/", views.customer, name="customer"),
    path("customers/<int:pk>/description/", views.description, name="description"),
    path("customers/<int:pk>/contacts/", views.contacts, name="contacts"),
]
