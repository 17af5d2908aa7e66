"""URLs of guidance."""

from django.urls import path

from huiyin.journey.guidance import views

app_name = "guidance"
urlpatterns = [
    path("complaints/<str:number>/guidance/", views.guidance, name="guidance"),
    path("complaints/<str:number>/passages/", views.passages, name="passages"),
    path("complaints/<str:number>/quotations/", views.quotations, name="quotations"),
    path("complaints/<str:number>/quotations/<int:pk>/verdict/", views.verdict, name="verdict"),
]
