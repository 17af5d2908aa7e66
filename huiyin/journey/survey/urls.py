"""URLs of surveys. The customer's own pages stand in surface/portal."""

from django.urls import path

from huiyin.journey.survey import views

app_name = "survey"
urlpatterns = [
    path("surveys/", views.surveys, name="surveys"),
    path("surveys/new/", views.new, name="new"),
    path("surveys/<int:pk>/", views.results, name="results"),
    path("surveys/<int:pk>/answers/", views.answers, name="answers"),
    path("surveys/<int:pk>/answers/<int:answer_pk>/", views.answer, name="answer"),
    path("surveys/<int:pk>/sent/", views.sent, name="sent"),
    path("surveys/<int:pk>/settings/", views.settings, name="settings"),
    path("surveys/<int:pk>/design/", views.design, name="design"),
    path("surveys/<int:pk>/design/draft/", views.drafting, name="drafting"),
    path("surveys/<int:pk>/design/words/", views.wording, name="wording"),
    path("surveys/<int:pk>/design/question/", views.question, name="question"),
    path("surveys/<int:pk>/design/order/", views.ordering, name="ordering"),
    path("surveys/<int:pk>/design/removal/", views.removal, name="removal"),
    path("surveys/<int:pk>/publication/", views.publication, name="publication"),
    path("complaints/<str:number>/surveys/", views.sending, name="sending"),
    path("complaints/<str:number>/surveys/opt-out/", views.opting, name="opting"),
]
