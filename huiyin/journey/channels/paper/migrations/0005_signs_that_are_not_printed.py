"""Which signs of a letter no font here draws."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("paper", "0004_who_wrote_a_letter")]

    operations = [
        migrations.AddField(
            model_name="post",
            name="unprintable",
            field=models.JSONField(default=list),
        ),
    ]
