"""URLs of promises."""

from django.urls import path

from huiyin.journey.promises import views

app_name = "promises"
urlpatterns = [
    path("chats/<int:pk>/promised/", views.chat_detect, name="chat_detect"),
    path("promises/", views.promises, name="promises"),
    path("promises/<int:pk>/keeping/", views.keeping, name="keeping"),
    path("promises/<int:pk>/moving/", views.moving, name="moving"),
    path("promises/<int:pk>/releasing/", views.releasing, name="releasing"),
    path("complaints/<str:number>/promises/", views.giving, name="giving"),
    path("complaints/<str:number>/promises/detect/", views.detect, name="detect"),
    path("complaints/<str:number>/promises/owed/", views.owed, name="owed"),
]
