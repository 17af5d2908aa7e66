"""What a budget of the whole house is used up by is found without reading every offer."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("resolution", "0010_counter_offers_stay")]

    operations = [
        migrations.AddIndex(
            model_name="offer",
            index=models.Index(fields=["at"], name="offers_by_time"),
        ),
    ]
