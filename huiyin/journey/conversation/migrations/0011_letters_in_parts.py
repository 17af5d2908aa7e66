"""A letter that leaves as several messages, because its other side takes each file as one."""

import django.db.models.deletion
from django.db import migrations, models

import huiyin.ground.kept


class Migration(migrations.Migration):
    dependencies = [("conversation", "0010_written_once")]

    operations = [
        migrations.CreateModel(
            name="Part",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("place", models.PositiveSmallIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "待发送"),
                            ("begun", "正在发送"),
                            ("sent", "已发送"),
                            ("failed", "没有发出"),
                            ("unknown", "可能已发出"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("anew", models.PositiveSmallIntegerField(default=0)),
                ("media", models.CharField(blank=True, max_length=200)),
                ("media_at", models.DateTimeField(null=True)),
                ("outer_id", models.CharField(blank=True, max_length=120)),
                ("sent_at", models.DateTimeField(null=True)),
                (
                    "reach",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("delivered", "已送达"),
                            ("read", "已阅读"),
                            ("missed", "未送达"),
                        ],
                        max_length=10,
                    ),
                ),
                ("error", huiyin.ground.kept.SentenceField(blank=True)),
                (
                    "evidence",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="conversation.evidence",
                    ),
                ),
                (
                    "letter",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="parts",
                        to="conversation.letter",
                    ),
                ),
            ],
            options={
                "ordering": ("letter", "place"),
                "indexes": [
                    models.Index(
                        condition=models.Q(("outer_id", ""), _negated=True),
                        fields=["outer_id"],
                        name="parts_by_outer_id",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint("letter", "place", name="letter_part_once")
                ],
            },
        ),
    ]
