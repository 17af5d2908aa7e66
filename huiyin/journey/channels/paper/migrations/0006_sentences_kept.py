"""Sentences are kept as message and values, and said in the language of their reader."""

from django.db import migrations

import huiyin.ground.kept


class Migration(migrations.Migration):
    dependencies = [
        ("paper", "0005_signs_that_are_not_printed"),
    ]

    operations = [
        migrations.AlterField(
            model_name="page",
            name="error",
            field=huiyin.ground.kept.SentenceField(blank=True),
        ),
        migrations.AlterField(
            model_name="scan",
            name="error",
            field=huiyin.ground.kept.SentenceField(blank=True),
        ),
    ]
