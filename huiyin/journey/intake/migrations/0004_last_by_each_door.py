"""The last complaint that came by each door is found without looking at the others."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("intake", "0003_a_word_for_each_door")]

    operations = [
        migrations.AddIndex(
            model_name="intake",
            index=models.Index(fields=["via", "-id"], name="intakes_by_door"),
        ),
    ]
