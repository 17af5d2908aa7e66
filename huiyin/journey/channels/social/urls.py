"""URLs of social media."""

from django.urls import path

from huiyin.journey.channels.social import views

app_name = "social"
urlpatterns = [
    path("posts/", views.posts, name="posts"),
    path("social-files/<int:pk>/again/", views.fetching, name="fetching"),
    path("posts/import/", views.bringing, name="bringing"),
    path("posts/import/<int:pk>/", views.brought, name="brought"),
    path("posts/<int:pk>/reply/", views.answering, name="answering"),
    path("posts/<int:pk>/private/", views.moving, name="moving"),
]
