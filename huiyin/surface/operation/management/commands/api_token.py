"""manage api_token USER: a bearer token for programs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from huiyin.ground import moment
from huiyin.ground.people.models import ApiToken, User
from huiyin.ground.people.rules import sign_in_name


class Command(BaseCommand):
    help = (
        "Print a new API token of USER. It acts with all the rights of that person, is shown this "
        "once, and only its hash is stored. Revoke it in the console or with --revoke-all."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("user", help="sign-in name, e.g. li")
        parser.add_argument("--name", default="command line", help="what the token is for")
        parser.add_argument("--days", type=int, default=0, help="expires after so many days")
        parser.add_argument("--revoke-all", action="store_true", help="end all tokens of USER")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.active().filter(username=sign_in_name(options["user"])).first()
        if user is None:
            raise CommandError(f"There is no active user {options['user']!r}.")
        now = moment.now()
        if options["revoke_all"]:
            ended = user.api_tokens.filter(revoked_at=None).update(revoked_at=now)
            self.stdout.write(f"{ended} tokens revoked.")
            return
        expires = now + timedelta(days=options["days"]) if options["days"] else None
        _token, secret = ApiToken.issue(user, options["name"], expires)
        self.stdout.write(secret)
