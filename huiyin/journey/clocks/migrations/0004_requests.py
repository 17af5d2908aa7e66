import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("clocks", "0003_ladders"),
        ("complaint", "0003_owner_supervised_barred"),
        ("conversation", "0004_evidence_stays"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="policy",
            name="is_law",
            field=models.BooleanField(
                default=False,
                help_text="延期由法务批准，其他人不能自行延长",
                verbose_name="法定时限",
            ),
        ),
        migrations.AddField(
            model_name="policy",
            name="suspendable",
            field=models.BooleanField(
                default=False,
                help_text="经审批可挂起，最多 5 个工作日，可续一次",
                verbose_name="允许挂起",
            ),
        ),
        migrations.AlterField(
            model_name="pause",
            name="whom",
            field=models.CharField(
                choices=[
                    ("customer", "等客户补充"),
                    ("testing", "等检测鉴定结果"),
                    ("third", "等第三方答复"),
                    ("suspended", "挂起"),
                ],
                max_length=10,
            ),
        ),
        migrations.CreateModel(
            name="ExtensionRequest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("amount", models.DecimalField(decimal_places=2, max_digits=8)),
                (
                    "unit",
                    models.CharField(
                        choices=[
                            ("hours", "小时"),
                            ("work_hours", "工作小时"),
                            ("days", "自然日"),
                            ("work_days", "工作日"),
                        ],
                        max_length=10,
                    ),
                ),
                ("reason", models.CharField(max_length=300)),
                (
                    "level",
                    models.CharField(
                        choices=[("lead", "组长"), ("manager", "经理"), ("legal", "法务")],
                        max_length=8,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "待审批"),
                            ("granted", "已同意"),
                            ("refused", "不同意"),
                            ("renewed", "已续期"),
                            ("woken", "已解挂"),
                            ("lapsed", "已失效"),
                        ],
                        default="asked",
                        max_length=8,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
                ("words", models.CharField(blank=True, max_length=300)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "clock",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="requests",
                        to="clocks.clock",
                    ),
                ),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="extension_requests",
                        to="complaint.complaint",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "extension",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="request",
                        to="clocks.extension",
                    ),
                ),
            ],
            options={
                "ordering": ("-pk",),
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "asked")),
                        fields=["at"],
                        name="extensions_asked",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        models.F("clock"),
                        condition=models.Q(("state", "asked")),
                        name="one_open_extension_request",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Suspension",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "reason_code",
                    models.CharField(
                        choices=[
                            ("customer_away", "客户暂时无法配合"),
                            ("agreed_date", "与客户约定了日期"),
                            ("supply", "等待配件或货源"),
                            ("authority", "等待有关机关处理"),
                            ("force_majeure", "不可抗力"),
                            ("other", "其他"),
                        ],
                        max_length=16,
                    ),
                ),
                ("note", models.CharField(max_length=300)),
                ("wake_on", models.DateField()),
                ("wake_at", models.DateTimeField()),
                ("renews", models.BooleanField(default=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "待审批"),
                            ("granted", "已同意"),
                            ("refused", "不同意"),
                            ("renewed", "已续期"),
                            ("woken", "已解挂"),
                            ("lapsed", "已失效"),
                        ],
                        default="asked",
                        max_length=8,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
                ("words", models.CharField(blank=True, max_length=300)),
                ("woken_at", models.DateTimeField(null=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="suspensions",
                        to="complaint.complaint",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "told",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="conversation.message",
                    ),
                ),
                (
                    "woken_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("-pk",),
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "granted")),
                        fields=["wake_at"],
                        name="suspensions_to_wake",
                    ),
                    models.Index(
                        condition=models.Q(("state", "asked")),
                        fields=["at"],
                        name="suspensions_asked",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        models.F("complaint"),
                        condition=models.Q(("state", "asked")),
                        name="one_open_suspension_request",
                    ),
                    models.UniqueConstraint(
                        models.F("complaint"),
                        condition=models.Q(("state", "granted")),
                        name="suspended_once_at_a_time",
                    ),
                ],
            },
        ),
    ]
