"""Letters that wait, failed or left last are found without looking at the others."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("conversation", "0007_copies")]

    operations = [
        migrations.AddIndex(
            model_name="letter",
            index=models.Index(fields=["state", "-id"], name="letters_by_state"),
        ),
    ]
