"""Sentences are kept as message and values, and said in the language of their reader."""

from django.db import migrations

import huiyin.ground.kept


class Migration(migrations.Migration):
    dependencies = [
        ("phone", "0003_call_backs_are_told_of"),
    ]

    operations = [
        migrations.AlterField(
            model_name="recording",
            name="error",
            field=huiyin.ground.kept.SentenceField(blank=True),
        ),
    ]
