"""URLs of letters on paper."""

from django.urls import path

from huiyin.journey.channels.paper.views import incoming, outgoing

app_name = "paper"
urlpatterns = [
    path("paper/", incoming.queue, name="queue"),
    path("paper/upload/", incoming.upload, name="upload"),
    path("paper/typed/", incoming.typed, name="typed"),
    path("paper/out/", outgoing.posts, name="posts"),
    path("paper/out/batch/", outgoing.batch, name="batch"),
    path("paper/out/printed/", outgoing.printed, name="printed"),
    path("paper/out/<int:pk>/", outgoing.post, name="post"),
    path("paper/out/<int:pk>/pdf/", outgoing.pdf, name="pdf"),
    path("paper/out/<int:pk>/posted/", outgoing.posted, name="posted"),
    path("paper/out/unprinted/", outgoing.unprinted, name="unprinted"),
    path("paper/out/<int:pk>/unposted/", outgoing.unposted, name="unposted"),
    path("paper/out/<int:pk>/tracking/", outgoing.tracking, name="tracking"),
    path("paper/out/<int:pk>/returned/", outgoing.returned, name="returned"),
    path("paper/out/<int:pk>/redraw/", outgoing.redraw, name="redraw"),
    path("paper/<int:pk>/", incoming.one, name="one"),
    path("paper/<int:pk>/pages/", incoming.pages, name="pages"),
    path("paper/<int:pk>/text/", incoming.text, name="text"),
    path("paper/<int:pk>/register/", incoming.register, name="register"),
    path("paper/<int:pk>/attach/", incoming.attach, name="attach"),
    path("paper/<int:pk>/dismiss/", incoming.dismiss, name="dismiss"),
    path("paper/<int:pk>/split/", incoming.split, name="split"),
    path("paper/<int:pk>/join/", incoming.join, name="join"),
    path("paper/<int:pk>/order/", incoming.order, name="order"),
    path("paper/<int:pk>/read/", incoming.read, name="read"),
    path("paper/<int:pk>/cancel/", incoming.cancel, name="cancel"),
    path("paper/pages/<uuid:uuid>/<slug:act>/", incoming.page, name="page"),
    path("paper/pages/<uuid:uuid>/large.jpg", incoming.picture, name="picture"),
    path("paper/pages/<uuid:uuid>/small.jpg", incoming.thumb, name="thumb"),
    path("paper/scans/<uuid:uuid>/original/", incoming.original, name="original"),
    path("paper/scans/<uuid:uuid>/again/", incoming.again, name="again"),
    path("complaints/<str:number>/letter/preview/", outgoing.preview, name="preview"),
]
