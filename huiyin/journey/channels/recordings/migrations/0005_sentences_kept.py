"""Sentences are kept as message and values, and said in the language of their reader."""

from django.db import migrations

import huiyin.ground.kept


class Migration(migrations.Migration):
    dependencies = [
        ("recordings", "0004_copies_to_play"),
    ]

    operations = [
        migrations.AlterField(
            model_name="job",
            name="error",
            field=huiyin.ground.kept.SentenceField(blank=True),
        ),
        migrations.AlterField(
            model_name="transcriber",
            name="error",
            field=huiyin.ground.kept.SentenceField(blank=True, editable=False),
        ),
    ]
