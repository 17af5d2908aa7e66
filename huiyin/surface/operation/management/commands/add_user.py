"""manage add_user NAME: the first administrator, or anybody else, from the command line."""

from __future__ import annotations

import getpass
import secrets
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from huiyin.ground.people.actions import check_new_password
from huiyin.ground.people.models import Membership, Team, User
from huiyin.ground.people.rules import sign_in_name
from huiyin.ground.people.words import Role
from huiyin.ground.refusal import Refused


class Command(BaseCommand):
    help = (
        "Add a person who can sign in, e.g. the first administrator of a new installation:\n"
        "  manage add_user admin --name 管理员 --role sysadmin\n"
        "A random password is printed once unless --ask reads one (from the terminal or stdin)."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username", help="sign-in name: letters, digits, dots, dashes")
        parser.add_argument("--name", default="", help="how colleagues call the person")
        parser.add_argument("--email", default="")
        parser.add_argument(
            "--role", action="append", default=[], choices=Role.values, help="may be repeated"
        )
        parser.add_argument("--team", action="append", default=[], help="code of a team")
        parser.add_argument("--ask", action="store_true", help="read the password")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        username = sign_in_name(options["username"])
        if not username or User.objects.filter(username=username).exists():
            raise CommandError(f"There is a user {username!r} already.")
        if not options["role"]:
            raise CommandError("Give at least one --role, e.g. --role sysadmin.")
        password = self._password(options["ask"])
        user = User.objects.create_user(
            username,
            roles=options["role"],
            name=options["name"] or username,
            email=options["email"],
        )
        try:
            check_new_password(password, user)
        except Refused as refused:
            raise CommandError(str(refused.sentence)) from refused
        user.set_password(password)
        user.save(update_fields=["password"])
        for code in options["team"]:
            team = Team.objects.filter(code=code).first()
            if team is None:
                raise CommandError(f"There is no team {code!r}.")
            Membership.objects.create(user=user, team=team)
        self.stdout.write(f"{username} added.")
        if not options["ask"]:
            self.stdout.write(f"Password, shown this once: {password}")

    def _password(self, ask: bool) -> str:
        if not ask:
            return secrets.token_urlsafe(12)
        if sys.stdin.isatty():
            return getpass.getpass("Password: ")
        return sys.stdin.readline().rstrip("\n")
