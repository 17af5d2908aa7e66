"""Sentences are kept as message and values, and said in the language of their reader."""

from django.db import migrations

import huiyin.ground.kept


class Migration(migrations.Migration):
    dependencies = [
        ("social", "0001_social_accounts_and_posts"),
    ]

    operations = [
        migrations.AlterField(
            model_name="file",
            name="error",
            field=huiyin.ground.kept.SentenceField(blank=True),
        ),
        migrations.AlterField(
            model_name="post",
            name="reasons",
            field=huiyin.ground.kept.FactsField(default=list),
        ),
    ]
