"""By how much the telephone system's clock is behind ours, as its messages of each call show."""

import datetime

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("phone", "0005_rings_without_an_end"),
    ]

    operations = [
        migrations.AddField(
            model_name="call",
            name="skew",
            field=models.DurationField(default=datetime.timedelta),
        ),
    ]
