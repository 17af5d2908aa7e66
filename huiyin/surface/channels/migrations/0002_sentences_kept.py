"""Sentences are kept as message and values, and said in the language of their reader."""

from django.db import migrations

import huiyin.ground.kept


class Migration(migrations.Migration):
    dependencies = [
        ("channels", "0001_trials"),
    ]

    operations = [
        migrations.AlterField(
            model_name="trial",
            name="words",
            field=huiyin.ground.kept.SentenceField(blank=True, verbose_name="说明"),
        ),
    ]
