"""URLs of execution."""

from django.urls import path

from huiyin.journey.execution import views

app_name = "execution"
STEP = "complaints/<str:number>/steps/<int:pk>"
urlpatterns = [
    path("complaints/<str:number>/offers/<int:pk>/steps/", views.planning, name="planning"),
    path(f"{STEP}/completion/", views.completion, name="completion"),
    path(f"{STEP}/retrying/", views.retrying, name="retrying"),
    path(f"{STEP}/taking-over/", views.taking_over, name="taking_over"),
    path(f"{STEP}/postponement/", views.postponement, name="postponement"),
    path(f"{STEP}/recall/", views.recall, name="recall"),
]
