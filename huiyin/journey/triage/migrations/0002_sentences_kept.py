"""Sentences are kept as message and values, and said in the language of their reader."""

from django.db import migrations

import huiyin.ground.kept


class Migration(migrations.Migration):
    dependencies = [
        ("triage", "0001_initial"),
    ]

    operations = [
        migrations.AlterField(
            model_name="triage",
            name="reason",
            field=huiyin.ground.kept.SentenceField(blank=True),
        ),
    ]
