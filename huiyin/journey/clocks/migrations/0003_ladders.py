import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import huiyin.journey.clocks.models


class Migration(migrations.Migration):
    dependencies = [
        ("clocks", "0002_clocks_of_tasks"),
        ("complaint", "0003_owner_supervised_barred"),
        ("people", "0003_departments_directory"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Ladder",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.SlugField(max_length=40, unique=True, verbose_name="代码")),
                ("name_zh", models.CharField(max_length=120, verbose_name="名称")),
                ("name_en", models.CharField(blank=True, max_length=120, verbose_name="英文名")),
                ("source", models.CharField(blank=True, max_length=300, verbose_name="来源")),
                ("version", models.CharField(default="1", max_length=40, verbose_name="版本")),
                (
                    "kinds",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("sign_in", "签收"),
                                ("first_response", "首次响应"),
                                ("resolution", "解决"),
                                ("feedback", "反馈"),
                                ("visit", "回访"),
                                ("update", "进展告知"),
                                ("interim", "临时措施"),
                                ("task_sign_in", "部门签收"),
                                ("task", "部门答复"),
                                ("supervision", "督办"),
                            ],
                            max_length=16,
                        ),
                        blank=True,
                        default=list,
                        help_text="留空：投诉自己的各种时限；部门任务和督办的时限要选上",
                        size=None,
                        verbose_name="用于哪些时限",
                    ),
                ),
                (
                    "policies",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40),
                        blank=True,
                        default=list,
                        help_text="政策代码，结尾可用 *；留空：不论按哪项政策",
                        size=None,
                        verbose_name="用于哪些时限政策",
                    ),
                ),
                (
                    "condition",
                    models.JSONField(
                        blank=True,
                        default=huiyin.journey.clocks.models.every,
                        verbose_name="用于哪些投诉",
                    ),
                ),
                ("order", models.PositiveSmallIntegerField(default=100, verbose_name="顺序")),
                ("enabled", models.BooleanField(default=True, verbose_name="启用")),
            ],
            options={
                "ordering": ("order", "pk"),
            },
        ),
        migrations.CreateModel(
            name="Rung",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "measure",
                    models.CharField(
                        choices=[
                            ("percent", "已用时间的百分比"),
                            ("since", "开始计时后"),
                            ("before", "到期前"),
                            ("after", "到期后"),
                        ],
                        max_length=8,
                        verbose_name="从哪里量起",
                    ),
                ),
                (
                    "amount",
                    models.DecimalField(decimal_places=2, max_digits=8, verbose_name="数量"),
                ),
                (
                    "unit",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("hours", "小时"),
                            ("work_hours", "工作小时"),
                            ("days", "自然日"),
                            ("work_days", "工作日"),
                        ],
                        help_text="百分比不用选；按天的在工作日上班时提醒",
                        max_length=10,
                        verbose_name="单位",
                    ),
                ),
                (
                    "receivers",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("assignee", "处理人"),
                                ("lead", "组长"),
                                ("supervisor", "值班主管"),
                                ("manager", "值班经理"),
                                ("managers", "全体经理"),
                                ("legal", "法务"),
                                ("pr", "公关"),
                                ("supervision", "督办员"),
                                ("dept_handler", "部门经办"),
                                ("dept_head", "部门负责人"),
                            ],
                            max_length=12,
                        ),
                        size=None,
                        verbose_name="通知谁",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("reminder", "提醒"),
                            ("escalation", "逐级上报"),
                            ("notice", "正式催办通知"),
                        ],
                        default="reminder",
                        max_length=10,
                        verbose_name="性质",
                    ),
                ),
                ("in_product", models.BooleanField(default=True, verbose_name="站内通知")),
                ("by_mail", models.BooleanField(default=False, verbose_name="邮件")),
                (
                    "min_work_days",
                    models.PositiveSmallIntegerField(
                        default=0,
                        help_text="更短的时限不用这一级；0 为都用",
                        verbose_name="时限至少几个工作日",
                    ),
                ),
            ],
            options={
                "ordering": ("ladder", "pk"),
            },
        ),
        migrations.CreateModel(
            name="RungFired",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("planned_at", models.DateTimeField()),
                ("fired_at", models.DateTimeField()),
                ("lapsed_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ("pk",),
            },
        ),
        migrations.AddField(
            model_name="clock",
            name="next_rung_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="clock",
            name="ladder",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="clocks.ladder",
            ),
        ),
        migrations.AddIndex(
            model_name="clock",
            index=models.Index(
                condition=models.Q(
                    ("next_rung_at__isnull", False), ("paused_at", None), ("stopped_at", None)
                ),
                fields=["next_rung_at", "id"],
                name="clocks_to_climb",
            ),
        ),
        migrations.AddField(
            model_name="rung",
            name="ladder",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="rungs",
                to="clocks.ladder",
                verbose_name="提醒阶梯",
            ),
        ),
        migrations.AddField(
            model_name="rungfired",
            name="clock",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="fired", to="clocks.clock"
            ),
        ),
        migrations.AddField(
            model_name="rungfired",
            name="event",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="complaint.event"
            ),
        ),
        migrations.AddField(
            model_name="rungfired",
            name="rung",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="clocks.rung",
            ),
        ),
        migrations.AddConstraint(
            model_name="rungfired",
            constraint=models.UniqueConstraint(
                models.F("clock"),
                models.F("rung"),
                condition=models.Q(("lapsed_at", None)),
                name="each_rung_once",
            ),
        ),
    ]
