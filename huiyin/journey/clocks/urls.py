"""URLs of the clocks."""

from django.urls import path

from huiyin.journey.clocks import views

app_name = "clocks"
urlpatterns = [
    path("complaints/<str:number>/extensions/", views.extensions, name="extensions"),
    path(
        "complaints/<str:number>/extension-requests/",
        views.extension_requests,
        name="extension_requests",
    ),
    path(
        "complaints/<str:number>/extension-requests/<int:pk>/decision/",
        views.extension_decision,
        name="extension_decision",
    ),
    path("complaints/<str:number>/suspensions/", views.suspensions, name="suspensions"),
    path(
        "complaints/<str:number>/suspensions/<int:pk>/decision/",
        views.suspension_decision,
        name="suspension_decision",
    ),
    path("complaints/<str:number>/waking/", views.waking, name="waking"),
    path("complaints/<str:number>/interim/", views.interim, name="interim"),
    path("complaints/<str:number>/policies/", views.policies, name="policies"),
    path("complaints/<str:number>/policies/<slug:code>/removal/", views.removal, name="removal"),
]
