"""Sentences are kept as message and values, and said in the language of their reader."""

from django.db import migrations

import huiyin.ground.kept


class Migration(migrations.Migration):
    dependencies = [
        ("exchange", "0001_initial"),
    ]

    operations = [
        migrations.AlterField(
            model_name="import",
            name="checked",
            field=huiyin.ground.kept.FactsField(default=dict),
        ),
        migrations.AlterField(
            model_name="import",
            name="fault",
            field=huiyin.ground.kept.SentenceField(blank=True),
        ),
        migrations.AlterField(
            model_name="importrow",
            name="reason",
            field=huiyin.ground.kept.SentenceField(blank=True),
        ),
    ]
