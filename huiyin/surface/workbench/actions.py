"""What a person keeps of his queue: views under a name, and the columns he wants to see."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db import transaction

from huiyin.ground.people.models import User
from huiyin.ground.refusal import Invalid
from huiyin.surface.workbench.forms import OwnViewForm
from huiyin.surface.workbench.lists import COLUMNS
from huiyin.surface.workbench.models import ListColumns, OwnView


@transaction.atomic
def keep_view(view: OwnView, said: Mapping[str, object], *, by: User) -> OwnView:
    """Keep these conditions under a name (`title`), perhaps `shared_with` a team one leads."""
    # One after the other: names and their number are checked against what is there.
    User.objects.select_for_update().get(pk=by.pk)
    form = OwnViewForm(said, instance=view, user=by)
    if not form.is_valid():
        name = next(iter(form.errors))
        sentence = str(form.errors[name][0])
        raise Invalid(sentence, **{name: sentence})
    form.save()
    return view


def keep_columns(user: User, keys: Iterable[str] | None) -> None:
    """Show these columns of the queue; None: the usual ones again."""
    if keys is None:
        ListColumns.objects.filter(user=user).delete()
        return
    known = {column.key for column in COLUMNS}
    shown = [key for key in keys if key in known]
    ListColumns.objects.update_or_create(user=user, defaults={"shown": shown})
