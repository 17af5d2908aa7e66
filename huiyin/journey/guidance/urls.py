"""URLs of guidance."""

from django.urls import path

from huiyin.journey.guidance import views

app_name = "guidance"
urlpatterns = [
    path("knowledge/articles/<str:code>/uses/", views.uses, name="uses"),
    path("knowledge/gaps/", views.gaps, name="gaps"),
    path("knowledge/gaps/searches/", views.searches, name="searches"),
    path("knowledge/gaps/closed/", views.closed, name="closed"),
    path("complaints/<str:number>/guidance/", views.guidance, name="guidance"),
    path("complaints/<str:number>/passages/", views.passages, name="passages"),
    path("complaints/<str:number>/quotations/", views.quotations, name="quotations"),
    path("complaints/<str:number>/quotations/<int:pk>/verdict/", views.verdict, name="verdict"),
]
