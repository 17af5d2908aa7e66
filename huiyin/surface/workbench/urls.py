"""URLs of the workbench."""

from django.urls import path

from huiyin.surface.workbench import registration, views

app_name = "workbench"
urlpatterns = [
    path("", views.home, name="home"),
    path("queue/", views.queue, name="queue"),
    path("queue/counts/", views.counts, name="counts"),
    path("queue/assignments/", views.assignments, name="assignments"),
    path("queue/returns/", views.returns, name="returns"),
    path("queue/columns/", views.columns, name="columns"),
    path("queue/views/", views.own_views, name="own_views"),
    path("queue/views/<int:pk>/", views.own_view, name="own_view"),
    path("palette/", views.palette, name="palette"),
    *registration.urlpatterns,
    path("complaints/<str:number>/", views.complaint, name="complaint"),
    path("complaints/<str:number>/look/", views.look, name="look"),
    path("complaints/<str:number>/story/", views.story_part, name="story"),
    path("complaints/<str:number>/anew/prompt/", views.anew, {"half": "prompt"}, name="anew"),
    path("complaints/<str:number>/anew/late/", views.anew, {"half": "late"}, name="anew_late"),
    path("complaints/<str:number>/panels/", views.late_panels, name="late_panels"),
    path("complaints/<str:number>/panels/<slug:name>/", views.panel, name="panel"),
]
