"""URLs of mail."""

from django.urls import path

from huiyin.journey.channels.mail.views import reviewing, showing

app_name = "mail"
urlpatterns = [
    path("mail/", reviewing.held, name="held"),
    path("mail/<int:pk>/", reviewing.one, name="one"),
    path("mail/dismiss/", reviewing.dismiss_many, name="dismiss_many"),
    path("mail/<int:pk>/register/", reviewing.register, name="register"),
    path("mail/<int:pk>/thread/", reviewing.thread, name="thread"),
    path("mail/<int:pk>/link/", reviewing.link, name="link"),
    path("mail/<int:pk>/merge/", reviewing.merge, name="merge"),
    path("mail/<int:pk>/dismiss/", reviewing.dismiss, name="dismiss"),
    path("mail/<int:pk>/again/", reviewing.again, name="again"),
    path("mail/<int:pk>/original/", showing.original, name="original"),
    path("mail/<int:pk>/frame/", showing.frame, name="frame"),
    path("mail/<int:pk>/images/", showing.images, name="images"),
    path("mail/<int:pk>/eml/", showing.eml, name="eml"),
    path("mail/<int:pk>/parts/<int:place>/", showing.part, name="part"),
    path("mail/<int:pk>/quoted/", showing.quoted, name="quoted"),
]
