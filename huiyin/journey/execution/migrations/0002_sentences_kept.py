"""Sentences are kept as message and values, and said in the language of their reader."""

from django.db import migrations

import huiyin.ground.kept


class Migration(migrations.Migration):
    dependencies = [
        ("execution", "0001_steps"),
    ]

    operations = [
        migrations.AlterField(
            model_name="step",
            name="problem",
            field=huiyin.ground.kept.SentenceField(blank=True),
        ),
    ]
