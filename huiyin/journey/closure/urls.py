"""URLs of the closure."""

from django.urls import path

from huiyin.journey.closure import views

app_name = "closure"
urlpatterns = [
    path("cases/", views.cases, name="cases"),
    path("cases/<int:pk>/", views.case, name="case"),
    path("cases/<int:pk>/acceptance/", views.case_acceptance, name="case_acceptance"),
    path("cases/<int:pk>/refusal/", views.case_refusal, name="case_refusal"),
    path("complaints/<str:number>/cases/", views.case_proposal, name="case_proposal"),
    path("complaints/<str:number>/feedback/", views.feedback, name="feedback"),
    path("complaints/<str:number>/refusal/", views.refusal, name="refusal"),
    path("complaints/<str:number>/alternatives/", views.alternatives, name="alternatives"),
    path("complaints/<str:number>/mediations/", views.mediations, name="mediations"),
    path(
        "complaints/<str:number>/mediations/<int:mediation_id>/outcome/",
        views.mediation_outcome,
        name="mediation_outcome",
    ),
    path("complaints/<str:number>/sign-offs/<slug:code>/", views.sign_off, name="sign_off"),
    path(
        "complaints/<str:number>/sign-offs/<slug:code>/refusal/",
        views.sign_refusal,
        name="sign_refusal",
    ),
    path(
        "complaints/<str:number>/sign-offs/<slug:code>/asking/",
        views.sign_asking,
        name="sign_asking",
    ),
    path("complaints/<str:number>/waivers/<slug:code>/", views.waiving, name="waiving"),
    path("complaints/<str:number>/visits/", views.visits, name="visits"),
    path("complaints/<str:number>/closure/", views.closure, name="closure"),
    path("complaints/<str:number>/reopening/", views.reopening, name="reopening"),
    path("complaints/<str:number>/rework/", views.rework, name="rework"),
    path("complaints/<str:number>/taking-up/", views.taking_up, name="taking_up"),
    path("complaints/<str:number>/withdrawal/", views.withdrawal, name="withdrawal"),
    path("complaints/<str:number>/cancellation/", views.cancellation, name="cancellation"),
]
