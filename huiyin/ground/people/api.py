"""Who calls the API."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils import translation
from ninja.security import HttpBearer

from huiyin.ground import moment
from huiyin.ground.people.models import ApiToken, User, hashed


class BearerToken(HttpBearer):
    """`Authorization: Bearer hy_…`, made by `manage api_token USER`."""

    def authenticate(self, request: HttpRequest, token: str) -> User | None:
        found = (
            ApiToken.objects.alive(moment.now())
            .select_related("user")
            .filter(token_hash=hashed(token))
            .first()
        )
        if found is None:
            return None
        today = moment.today()
        if found.last_used_on != today:  # one write a day, so a read stays a read
            ApiToken.objects.filter(pk=found.pk).update(last_used_on=today)
        request.user = found.user
        if found.user.language and "lang" not in request.GET:  # until this request is answered
            translation.activate(found.user.language)
        return found.user
