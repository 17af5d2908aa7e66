"""URLs of improvement."""

from django.urls import path

from huiyin.journey.improvement.views import bulletins, improvements

app_name = "improvement"
urlpatterns = [
    path("improvements/", improvements.improvements, name="improvements"),
    path("improvements/<int:pk>/", improvements.improvement, name="improvement"),
    path("improvements/<int:pk>/confirmation/", improvements.confirmation, name="confirmation"),
    path("improvements/<int:pk>/dismissal/", improvements.dismissal, name="dismissal"),
    path("improvements/<int:pk>/owner/", improvements.owner, name="owner"),
    path("improvements/<int:pk>/sources/", improvements.sources, name="sources"),
    path("improvements/<int:pk>/steps/", improvements.step, name="step"),
    path("improvements/<int:pk>/report/", improvements.report, name="report"),
    path("improvements/<int:pk>/verification/", improvements.verification, name="verification"),
    path("improvements/<int:pk>/judgement/", improvements.judgement, name="judgement"),
    path("improvements/<int:pk>/effect/<slug:part>/", improvements.effect, name="effect"),
    path("improvements/<int:pk>/files/<uuid:uuid>/", improvements.file, name="file"),
    path("complaints/<str:number>/improvements/new/", improvements.new, name="new"),
    path("bulletins/", bulletins.bulletins, name="bulletins"),
    path("bulletins/new/", bulletins.publishing, name="publishing"),
    path("bulletins/<int:pk>/", bulletins.bulletin, name="bulletin"),
    path("bulletins/<int:pk>/reading/", bulletins.reading, name="reading"),
    path("bulletins/<int:pk>/reminders/", bulletins.reminding, name="reminding"),
    path("bulletins/<int:pk>/note/", bulletins.noting, name="noting"),
    path("bulletins/<int:pk>/withdrawal/", bulletins.withdrawal, name="withdrawal"),
]
