"""The people app; its checks are loaded with it."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "huiyin.ground.people"
    label = "people"

    def ready(self) -> None:
        from huiyin.ground.people import checks

        assert checks
