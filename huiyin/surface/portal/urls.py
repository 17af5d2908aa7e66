"""URLs of the portal."""

from django.urls import path

from huiyin.surface.portal import calling, consent, helping, surveying, views

app_name = "portal"
urlpatterns = [
    path("portal/help/", helping.help_pages, name="help"),
    path("portal/help/<str:code>/", helping.help_page, name="help_page"),
    path("portal/", views.start, name="start"),
    path("portal/complain/", views.complain, name="complain"),
    path("portal/received/", views.received, name="received"),
    path("portal/follow/", views.follow, name="follow"),
    path("portal/privacy/", views.privacy, name="privacy"),
    path("portal/leave/", views.leave_session, name="leave"),
    path("portal/offer/<str:token>/", consent.offer, name="offer"),
    path("portal/offer/<str:token>/<slug:act>/", consent.answer, name="offer_answer"),
    path("portal/complaints/<str:number>/", views.mine, name="mine"),
    path("portal/complaints/<str:number>/messages/", views.add, name="add"),
    path("portal/complaints/<str:number>/urges/", views.urge, name="urge"),
    path("portal/complaints/<str:number>/escalations/", views.escalate, name="escalate"),
    path("portal/complaints/<str:number>/answers/", views.answer, name="answer"),
    path("portal/complaints/<str:number>/talks/", views.talk, name="talk"),
    path("portal/complaints/<str:number>/calls/", calling.call, name="call"),
    path("portal/complaints/<str:number>/withdrawals/", views.withdraw, name="withdraw"),
    path("portal/complaints/<str:number>/judgements/", views.judge, name="judge"),
    path("portal/complaints/<str:number>/files/<uuid:uuid>/", views.evidence, name="evidence"),
    path("portal/survey/thanks/", surveying.survey_thanks, name="survey_thanks"),
    path("portal/survey/<str:token>/", surveying.survey, name="survey"),
    path("portal/survey/<str:token>/draft/", surveying.survey_draft, name="survey_draft"),
    path("portal/survey/<str:token>/opt-out/", surveying.survey_opt_out, name="survey_opt_out"),
    path("surveys/versions/<int:pk>/preview/", surveying.survey_preview, name="survey_preview"),
]
