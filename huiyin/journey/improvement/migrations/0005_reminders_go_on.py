"""Bulletins that nobody was reminded of yet go on being looked at; of the others once was all."""

from django.db import migrations
from django.db.models import F


def go_on(apps, schema_editor):
    bulletins = apps.get_model("improvement", "Bulletin").objects
    bulletins.filter(reminded_at=None, withdrawn_at=None).update(next_reminder_at=F("due_at"))
    bulletins.filter(reminded_at__isnull=False).update(reminders=1)


class Migration(migrations.Migration):
    dependencies = [("improvement", "0004_bulletins_remind_again")]
    operations = [migrations.RunPython(go_on, migrations.RunPython.noop)]
