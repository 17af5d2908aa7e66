"""Why a call-back was called off is said in the language of its reader."""

from django.db import migrations

import huiyin.ground.kept


class Migration(migrations.Migration):
    dependencies = [
        ("callbacks", "0003_sentences_kept"),
    ]

    operations = [
        migrations.AlterField(
            model_name="callback",
            name="words",
            field=huiyin.ground.kept.SentenceField(blank=True),
        ),
    ]
