import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("notices", "0003_notices_of_no_complaint"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="OwnPhrase",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.CharField(max_length=60, verbose_name="标题")),
                (
                    "shortcut",
                    models.CharField(blank=True, max_length=20, verbose_name="快捷词"),
                ),
                ("text", models.TextField(max_length=2000, verbose_name="内容")),
                (
                    "user",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={"ordering": ("title", "pk")},
        ),
        migrations.AddIndex(
            "ownphrase", models.Index(fields=["user", "title", "id"], name="own_phrases")
        ),
        migrations.AddConstraint(
            "ownphrase",
            models.UniqueConstraint(
                models.F("user"),
                models.F("shortcut"),
                condition=models.Q(("shortcut", ""), _negated=True),
                name="own_shortcut_once",
            ),
        ),
    ]
