"""URLs of routing."""

from django.urls import path

from huiyin.journey.routing import views

app_name = "routing"
urlpatterns = [
    path("rings/", views.rings, name="rings"),
    path("team/", views.team, name="team"),
    path("team/absences/<int:pk>/end/", views.absence_end, name="absence_end"),
    path("team/<int:pk>/relief/", views.relief, name="relief"),
    path("conditions/builder/", views.builder, name="builder"),
    path("conditions/preview/", views.preview, name="preview"),
    path("complaints/<str:number>/assignment/", views.assignment, name="assignment"),
    path("complaints/<str:number>/taking/", views.taking, name="taking"),
    path("complaints/<str:number>/acceptance/", views.acceptance, name="acceptance"),
    path("complaints/<str:number>/handover/", views.handover, name="handover"),
    path("complaints/<str:number>/return/", views.returning, name="return"),
    path("complaints/<str:number>/waiting/", views.waiting, name="waiting"),
    path("complaints/<str:number>/resumption/", views.resumption, name="resumption"),
    path("complaints/<str:number>/urging/", views.urging, name="urging"),
    path("complaints/<str:number>/answer/", views.answering, name="answer"),
    path("complaints/<str:number>/pull-back/", views.pulling_back, name="pull_back"),
    path("complaints/<str:number>/owner/", views.owner, name="owner"),
    path("complaints/<str:number>/escalation/", views.escalation, name="escalation"),
]
