"""Mails that name an earlier complaint are counted beside those that are held."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [
        ("mail", "0007_leases"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="mail",
            index=models.Index(
                fields=["-id"],
                condition=Q(
                    decided_at=None, outcome="new", state="handled", suspected__isnull=False
                ),
                name="mails_named",
            ),
        ),
    ]
