from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("intake", "0002_complaints_by_mail")]

    operations = [
        migrations.AddField("draft", "registered_at", models.DateTimeField(null=True)),
    ]
