from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("intake", "0004_last_by_each_door")]

    operations = [
        migrations.AddField("draft", "registered_at", models.DateTimeField(null=True)),
    ]
