"""Recordings that wait, failed or were analysed last are found without looking at the others."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("recordings", "0002_sounds_that_are_there")]

    operations = [
        migrations.AddIndex(
            model_name="recording",
            index=models.Index(fields=["state", "-id"], name="recordings_by_state"),
        ),
    ]
