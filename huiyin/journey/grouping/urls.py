"""URLs of grouping."""

from django.urls import path

from huiyin.journey.grouping import views

app_name = "grouping"
urlpatterns = [
    path("complaints/<str:number>/candidates/", views.candidates, name="candidates"),
    path("complaints/<str:number>/links/", views.links, name="links"),
    path("complaints/<str:number>/merging/", views.merging, name="merging"),
    path("complaints/<str:number>/bonds/<int:pk>/undoing/", views.undoing, name="undoing"),
    path("complaints/<str:number>/bonds/<int:pk>/answer/", views.answer, name="answer"),
    path("complaints/<str:number>/joint-reply/", views.joint_reply, name="joint_reply"),
    path("complaints/<str:number>/splitting/", views.splitting, name="splitting"),
    path("complaints/<str:number>/unsplitting/", views.unsplitting, name="unsplitting"),
    path("incidents/", views.incidents, name="incidents"),
    path("incidents/new/", views.new_incident, name="new_incident"),
    path("incidents/options/", views.options, name="options"),
    path("incidents/joining/", views.joining, name="joining"),
    path("incidents/<int:pk>/", views.incident, name="incident"),
    path("incidents/<int:pk>/members/", views.members, name="members"),
    path("incidents/<int:pk>/members/<int:member>/leaving/", views.leaving, name="leaving"),
    path(
        "incidents/<int:pk>/members/<int:member>/putting-back/",
        views.putting_back,
        name="putting_back",
    ),
    path("incidents/<int:pk>/proposals/", views.proposals, name="proposals"),
    path("incidents/<int:pk>/entries/", views.entries, name="entries"),
    path("incidents/<int:pk>/ending/", views.ending, name="ending"),
    path("incidents/<int:pk>/reopening/", views.reopening, name="reopening"),
    path("incidents/<int:pk>/notices/preview/", views.preview, name="preview"),
    path("incidents/<int:pk>/notices/", views.notices, name="notices"),
    path("incidents/<int:pk>/notices/<int:notice>/", views.progress, name="progress"),
]
