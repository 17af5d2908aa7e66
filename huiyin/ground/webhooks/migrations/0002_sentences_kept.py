"""Sentences are kept as message and values, and said in the language of their reader."""

from django.db import migrations

import huiyin.ground.kept


class Migration(migrations.Migration):
    dependencies = [
        ("webhooks", "0001_outside_systems"),
    ]

    operations = [
        migrations.AlterField(
            model_name="attempt",
            name="error",
            field=huiyin.ground.kept.SentenceField(blank=True),
        ),
        migrations.AlterField(
            model_name="call",
            name="error",
            field=huiyin.ground.kept.SentenceField(blank=True, verbose_name="说明"),
        ),
    ]
