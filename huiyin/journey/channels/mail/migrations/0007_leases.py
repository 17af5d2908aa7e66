"""A worker that watches a mailbox says so in its row, instead of holding a lock and a connection."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("mail", "0006_files_and_signatures"),
    ]

    operations = [
        migrations.AddField(
            model_name="mailbox",
            name="watched_by",
            field=models.CharField(blank=True, default="", editable=False, max_length=80),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="mailbox",
            name="watched_until",
            field=models.DateTimeField(editable=False, null=True),
        ),
    ]
