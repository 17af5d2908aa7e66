from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("chat", "0006_words_of_danger")]

    operations = [
        migrations.AddField("chat", "identity", models.JSONField(blank=True, default=dict)),
        migrations.AddField(
            "site",
            "salt",
            models.CharField(blank=True, default="", editable=False, max_length=32),
            preserve_default=False,
        ),
        migrations.AddField(
            "site",
            "earlier_salt",
            models.CharField(blank=True, default="", editable=False, max_length=32),
            preserve_default=False,
        ),
        migrations.AddField(
            "site", "earlier_until", models.DateTimeField(editable=False, null=True)
        ),
    ]
