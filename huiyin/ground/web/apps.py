"""The web app; its checks are loaded with it."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "huiyin.ground.web"
    label = "web"

    def ready(self) -> None:
        from huiyin.ground.web import checks

        assert checks
