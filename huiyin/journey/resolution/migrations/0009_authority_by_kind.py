"""Limits by kind and share of the order, rules for joint approval, budgets, counter-offers."""

import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("complaint", "0004_promise_due_and_more_events"),
        ("people", "0003_departments_directory"),
        ("resolution", "0008_figures"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Budget",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("first_day", models.DateField(verbose_name="开始日期")),
                ("last_day", models.DateField(verbose_name="结束日期")),
                ("amount_fen", models.BigIntegerField(verbose_name="金额（分）")),
                (
                    "warn_percent",
                    models.PositiveSmallIntegerField(
                        default=80,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(100),
                        ],
                        verbose_name="用到百分之几时提醒",
                    ),
                ),
                ("source", models.CharField(blank=True, max_length=200, verbose_name="来源")),
                ("version", models.CharField(default="1", max_length=40, verbose_name="版本")),
                ("retired_at", models.DateTimeField(blank=True, editable=False, null=True)),
            ],
            options={
                "ordering": ("-first_day", "pk"),
            },
        ),
        migrations.CreateModel(
            name="CounterOffer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("round", models.PositiveSmallIntegerField(verbose_name="轮次")),
                ("words", models.CharField(max_length=1000, verbose_name="客户原话")),
                (
                    "amount_fen",
                    models.BigIntegerField(null=True, verbose_name="客户要求的金额（分）"),
                ),
                (
                    "heard_by",
                    models.CharField(
                        choices=[
                            ("phone", "电话"),
                            ("email", "邮件"),
                            ("chat", "在线聊天"),
                            ("social", "社交媒体"),
                            ("letter", "信件"),
                            ("walkin", "到店来访"),
                            ("form", "意见表"),
                            ("regulator", "监管转办"),
                            ("portal", "网页门户"),
                            ("api", "接口"),
                            ("import", "导入"),
                        ],
                        max_length=12,
                        verbose_name="怎样听到",
                    ),
                ),
                ("heard_at", models.DateTimeField(verbose_name="何时听到")),
                ("at", models.DateTimeField()),
            ],
            options={
                "ordering": ("pk",),
            },
        ),
        migrations.CreateModel(
            name="JointRule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.SlugField(max_length=40, unique=True, verbose_name="代码")),
                ("name", models.CharField(max_length=80, verbose_name="名称")),
                ("name_en", models.CharField(blank=True, max_length=120, verbose_name="英文名")),
                ("condition", models.JSONField(verbose_name="条件")),
                (
                    "roles",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
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
                            max_length=20,
                        ),
                        size=None,
                        verbose_name="会签角色",
                    ),
                ),
                ("source", models.CharField(blank=True, max_length=200, verbose_name="来源")),
                ("version", models.CharField(default="1", max_length=40, verbose_name="版本")),
                ("valid_from", models.DateField(verbose_name="生效日期")),
                ("retired_at", models.DateTimeField(blank=True, editable=False, null=True)),
            ],
            options={
                "ordering": ("code",),
            },
        ),
        migrations.AddField(
            model_name="authoritylimit",
            name="alone_fen",
            field=models.BigIntegerField(blank=True, null=True, verbose_name="单人可定（分）"),
        ),
        migrations.AddField(
            model_name="authoritylimit",
            name="kind",
            field=models.CharField(
                blank=True,
                choices=[
                    ("goodwill", "善意补偿、优惠券"),
                    ("refund", "退款、费用"),
                    ("compensation", "赔偿、补偿"),
                    ("punitive", "三倍、十倍赔偿"),
                    ("injury", "人身伤害赔偿"),
                ],
                default="",
                help_text="留空表示所有没有单独设定的金额",
                max_length=12,
                verbose_name="金额性质",
            ),
        ),
        migrations.AddField(
            model_name="authoritylimit",
            name="percent",
            field=models.PositiveSmallIntegerField(
                blank=True,
                help_text="订单金额已知时，与每件上限两者取低",
                null=True,
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(1000),
                ],
                verbose_name="最多为订单金额的百分之几",
            ),
        ),
        migrations.AlterField(
            model_name="authoritylimit",
            name="role",
            field=models.CharField(
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
                max_length=20,
                verbose_name="角色",
            ),
        ),
        migrations.AddConstraint(
            model_name="authoritylimit",
            constraint=models.UniqueConstraint(
                models.F("role"), models.F("kind"), models.F("valid_from"), name="one_limit_a_day"
            ),
        ),
        migrations.AddField(
            model_name="budget",
            name="department",
            field=models.ForeignKey(
                blank=True,
                help_text="团队和部门都留空：全公司",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="budgets",
                to="people.department",
                verbose_name="部门",
            ),
        ),
        migrations.AddField(
            model_name="budget",
            name="team",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="budgets",
                to="people.team",
                verbose_name="团队",
            ),
        ),
        migrations.AddField(
            model_name="counteroffer",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="counteroffer",
            name="complaint",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="counter_offers",
                to="complaint.complaint",
            ),
        ),
        migrations.AddField(
            model_name="counteroffer",
            name="remedy",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="resolution.remedy",
                verbose_name="客户要求的方式",
            ),
        ),
        migrations.AddConstraint(
            model_name="budget",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount_fen__gte", 0)), name="no_negative_budget"
            ),
        ),
        migrations.AddConstraint(
            model_name="budget",
            constraint=models.CheckConstraint(
                condition=models.Q(("last_day__gte", models.F("first_day"))),
                name="budget_of_some_days",
            ),
        ),
        migrations.AddConstraint(
            model_name="budget",
            constraint=models.CheckConstraint(
                condition=models.Q(("team", None), ("department", None), _connector="OR"),
                name="budget_of_team_or_department",
            ),
        ),
        migrations.AddConstraint(
            model_name="counteroffer",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount_fen", None), ("amount_fen__gte", 0), _connector="OR"),
                name="no_negative_wish",
            ),
        ),
    ]
