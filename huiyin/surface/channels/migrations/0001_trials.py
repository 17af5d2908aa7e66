"""Who tried which channel, and what was found."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Trial",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=60)),
                ("name", models.CharField(max_length=200, verbose_name="渠道")),
                ("at", models.DateTimeField(verbose_name="时间")),
                ("ended_at", models.DateTimeField(null=True)),
                ("well", models.BooleanField(default=False, verbose_name="结果")),
                ("words", models.CharField(blank=True, max_length=500, verbose_name="说明")),
                (
                    "by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="测试人",
                    ),
                ),
            ],
            options={
                "ordering": ("-pk",),
                "indexes": [models.Index(fields=["key", "-id"], name="trials_of_key")],
                "constraints": [
                    models.UniqueConstraint(
                        models.F("key"),
                        condition=models.Q(("ended_at__isnull", True)),
                        name="one_trial_at_a_time",
                    )
                ],
            },
        ),
    ]
