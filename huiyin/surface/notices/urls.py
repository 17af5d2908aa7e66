"""URLs of the notices."""

from django.urls import path

from huiyin.surface.notices import views

app_name = "notices"
urlpatterns = [
    path("notices/bell/", views.bell, name="bell"),
    path("notices/reading/", views.reading, name="reading"),
    path("chats/<int:pk>/phrases/", views.chat_phrases, name="chat_phrases"),
    path("phrases/mine/", views.mine, name="mine"),
    path("phrases/mine/<int:pk>/", views.change_mine, name="change_mine"),
    path("phrases/mine/<int:pk>/removal/", views.drop_mine, name="drop_mine"),
    path("complaints/<str:number>/phrases/", views.phrases, name="phrases"),
]
