"""Sentences are kept as message and values, and said in the language of their reader."""

from django.db import migrations

import huiyin.ground.kept


class Migration(migrations.Migration):
    dependencies = [
        ("conversation", "0008_letters_by_state"),
    ]

    operations = [
        migrations.AlterField(
            model_name="letter",
            name="error",
            field=huiyin.ground.kept.SentenceField(blank=True),
        ),
    ]
