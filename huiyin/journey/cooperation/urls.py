"""URLs of cooperation: acts. The pages of the desk stand in surface/desk."""

from django.urls import path

from huiyin.journey.cooperation import views

app_name = "cooperation"
urlpatterns = [
    path("complaints/<str:number>/tasks/", views.tasks, name="tasks"),
    path("complaints/<str:number>/tasks/new/", views.asking, name="asking"),
    path("tasks/people/", views.people, name="people"),
    path("tasks/<int:pk>/signing/", views.signing, name="signing"),
    path("tasks/<int:pk>/answers/", views.answers, name="answers"),
    path("tasks/<int:pk>/return/", views.returning, name="return"),
    path("tasks/<int:pk>/dispute/", views.disputing, name="dispute"),
    path("tasks/<int:pk>/handing/", views.handing, name="handing"),
    path("tasks/<int:pk>/forwarding/", views.forwarding, name="forwarding"),
    path("tasks/<int:pk>/time/", views.more_time, name="more_time"),
    path("tasks/<int:pk>/time/<int:request_pk>/", views.time_decision, name="time_decision"),
    path("tasks/<int:pk>/contact/", views.contact, name="contact"),
    path("tasks/<int:pk>/acceptance/", views.acceptance, name="acceptance"),
    path("tasks/<int:pk>/redo/", views.redoing, name="redo"),
    path("tasks/<int:pk>/sending-on/", views.sending_on, name="sending_on"),
    path("tasks/<int:pk>/ruling/", views.ruling, name="ruling"),
    path("tasks/<int:pk>/cancellation/", views.cancelling, name="cancellation"),
    path("tasks/<int:pk>/remarks/", views.remarks, name="remarks"),
    path("tasks/<int:pk>/links/", views.links, name="links"),
    path("tasks/<int:pk>/links/<int:link_pk>/", views.link_removal, name="link_removal"),
    path("tasks/<int:pk>/files/<uuid:uuid>/", views.file, name="file"),
]
