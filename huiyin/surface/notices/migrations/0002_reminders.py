import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("complaint", "0003_owner_supervised_barred"),
        ("notices", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="DigestRule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "most",
                    models.PositiveSmallIntegerField(
                        default=5,
                        help_text="一段时间内提醒更多时合成一条，例如停机恢复后",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(100),
                        ],
                        verbose_name="逐条提醒至多",
                    ),
                ),
                (
                    "minutes",
                    models.PositiveSmallIntegerField(
                        default=10,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(1440),
                        ],
                        verbose_name="多少分钟内",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="QuietHours",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("agent", "坐席"),
                            ("specialist", "投诉专员"),
                            ("triager", "分级员"),
                            ("lead", "组长"),
                            ("supervisor", "值班主管"),
                            ("manager", "经理"),
                            ("dept_handler", "部门经办"),
                            ("dept_head", "部门经理"),
                            ("supervision", "督办员"),
                            ("visitor", "回访员"),
                            ("qa", "质检员"),
                            ("knowledge", "知识编辑"),
                            ("trainer", "培训师"),
                            ("finance", "财务"),
                            ("legal", "法务"),
                            ("pr", "公关"),
                            ("privacy", "隐私官"),
                            ("sysadmin", "系统管理员"),
                            ("secadmin", "安全管理员"),
                            ("auditor", "审计管理员"),
                        ],
                        help_text="人员和角色都留空：所有人",
                        max_length=20,
                        verbose_name="角色",
                    ),
                ),
                ("begins", models.TimeField(verbose_name="开始")),
                (
                    "ends",
                    models.TimeField(
                        help_text="早于开始即到次日；与开始相同即不免打扰", verbose_name="结束"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="人员",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "quiet hours",
                "ordering": ("pk",),
                "constraints": [
                    models.UniqueConstraint(
                        models.F("user"), models.F("role"), name="quiet_once", nulls_distinct=False
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Reminder",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.CharField(max_length=300)),
                ("urgent", models.BooleanField(default=False)),
                ("in_product", models.BooleanField(default=True)),
                ("at", models.DateTimeField()),
                ("noticed_at", models.DateTimeField(null=True)),
                ("mail_at", models.DateTimeField(null=True)),
                ("mailed_at", models.DateTimeField(null=True)),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="complaint.complaint",
                    ),
                ),
                (
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="complaint.event",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reminders",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("pk",),
                "indexes": [
                    models.Index(
                        condition=models.Q(("in_product", True), ("noticed_at", None)),
                        fields=["user", "id"],
                        name="reminders_to_show",
                    ),
                    models.Index(
                        condition=models.Q(("mail_at__isnull", False), ("mailed_at", None)),
                        fields=["mail_at"],
                        name="reminders_to_mail",
                    ),
                    models.Index(fields=["at"], name="reminders_by_age"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        models.F("event"), models.F("user"), name="reminded_once"
                    )
                ],
            },
        ),
    ]
