"""Sentences are kept as message and values, and said in the language of their reader."""

from django.db import migrations

import huiyin.ground.kept


class Migration(migrations.Migration):
    dependencies = [
        ("complaint", "0007_every_channel"),
    ]

    operations = [
        migrations.AlterField(
            model_name="event",
            name="facts",
            field=huiyin.ground.kept.FactsField(default=dict),
        ),
    ]
