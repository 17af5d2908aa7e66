"""Sentences are kept as message and values, and said in the language of their reader."""

from django.db import migrations

import huiyin.ground.kept


class Migration(migrations.Migration):
    dependencies = [
        ("hooks", "0003_signatures_used_once"),
    ]

    operations = [
        migrations.AlterField(
            model_name="arrival",
            name="error",
            field=huiyin.ground.kept.SentenceField(blank=True, verbose_name="说明"),
        ),
        migrations.AlterField(
            model_name="arrival",
            name="outcome",
            field=huiyin.ground.kept.SentenceField(blank=True, verbose_name="结果"),
        ),
        migrations.AlterField(
            model_name="hook",
            name="came_error",
            field=huiyin.ground.kept.SentenceField(blank=True, editable=False),
        ),
        migrations.AlterField(
            model_name="hook",
            name="left_error",
            field=huiyin.ground.kept.SentenceField(blank=True, editable=False),
        ),
    ]
