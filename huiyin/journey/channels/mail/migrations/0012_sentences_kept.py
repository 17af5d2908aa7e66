"""Sentences are kept as message and values, and said in the language of their reader."""

from django.db import migrations

import huiyin.ground.kept


class Migration(migrations.Migration):
    dependencies = [
        ("mail", "0011_authorised_at_the_provider"),
    ]

    operations = [
        migrations.AlterField(
            model_name="mail",
            name="error",
            field=huiyin.ground.kept.SentenceField(blank=True),
        ),
        migrations.AlterField(
            model_name="mail",
            name="reason",
            field=huiyin.ground.kept.SentenceField(blank=True),
        ),
        migrations.AlterField(
            model_name="mailbox",
            name="receive_error",
            field=huiyin.ground.kept.SentenceField(blank=True, editable=False),
        ),
        migrations.AlterField(
            model_name="mailbox",
            name="send_error",
            field=huiyin.ground.kept.SentenceField(blank=True, editable=False),
        ),
        migrations.AlterField(
            model_name="part",
            name="refusal",
            field=huiyin.ground.kept.SentenceField(blank=True),
        ),
    ]
