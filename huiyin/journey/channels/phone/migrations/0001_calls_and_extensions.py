import uuid

import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("callbacks", "0002_tries_stay"),
        ("complaint", "0007_every_channel"),
        ("conversation", "0006_letters_by_any_channel"),
        ("customers", "0002_preferred_channel"),
        ("hooks", "0001_hooks_and_arrivals"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Limit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "code",
                    models.CharField(
                        choices=[
                            ("hold_prompt", "保持多久后提示向客户确认"),
                            ("hold_again", "之后每隔多久再提示"),
                            ("hold_offer", "保持多久后提出回电"),
                            ("dropped", "掉线后多久内回拨"),
                            ("pause", "辱骂通话后建议暂停接听"),
                            ("stale", "没有挂断消息，多久后视为已结束"),
                            ("wrap_up", "挂断后多久自动保存通话记录"),
                        ],
                        max_length=20,
                        unique=True,
                        verbose_name="用途",
                    ),
                ),
                (
                    "seconds",
                    models.PositiveIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(5),
                            django.core.validators.MaxValueValidator(86400),
                        ],
                        verbose_name="秒",
                    ),
                ),
                ("source", models.CharField(blank=True, max_length=200, verbose_name="来源")),
                ("version", models.CharField(blank=True, max_length=20, verbose_name="版本")),
                ("dated", models.DateField(blank=True, null=True, verbose_name="日期")),
            ],
            options={
                "ordering": ("pk",),
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
                ("position", models.PositiveSmallIntegerField(verbose_name="顺序")),
                (
                    "allows",
                    models.CharField(
                        choices=[("calm", "缓和"), ("warn", "警告"), ("end", "结束通话")],
                        max_length=6,
                        verbose_name="性质",
                    ),
                ),
                ("name_zh", models.CharField(max_length=40, verbose_name="名称")),
                ("name_en", models.CharField(blank=True, max_length=60, verbose_name="英文名")),
                ("words_zh", models.CharField(max_length=300, verbose_name="怎样说")),
                ("words_en", models.CharField(blank=True, max_length=400, verbose_name="英文说法")),
                ("enabled", models.BooleanField(default=True, verbose_name="启用")),
                ("source", models.CharField(blank=True, max_length=200, verbose_name="来源")),
                ("version", models.CharField(blank=True, max_length=20, verbose_name="版本")),
                ("dated", models.DateField(blank=True, null=True, verbose_name="日期")),
            ],
            options={
                "ordering": ("position", "pk"),
            },
        ),
        migrations.CreateModel(
            name="Call",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("outer_id", models.CharField(max_length=120)),
                (
                    "direction",
                    models.CharField(
                        choices=[("in", "呼入"), ("out", "呼出")],
                        default="in",
                        max_length=3,
                        verbose_name="方向",
                    ),
                ),
                ("caller", models.CharField(blank=True, max_length=40)),
                ("line", models.CharField(blank=True, max_length=80, verbose_name="线路")),
                ("extension", models.CharField(blank=True, max_length=32, verbose_name="分机")),
                (
                    "ringing",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list, size=None
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("ringing", "振铃中"),
                            ("talking", "通话中"),
                            ("held", "保持中"),
                            ("ended", "已结束"),
                            ("missed", "未接听"),
                        ],
                        default="ringing",
                        max_length=8,
                        verbose_name="状态",
                    ),
                ),
                ("began_at", models.DateTimeField(verbose_name="开始")),
                ("answered_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("held_since", models.DateTimeField(null=True)),
                ("holds", models.JSONField(default=list)),
                ("held_seconds", models.PositiveIntegerField(default=0)),
                (
                    "hung_up_by",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("customer", "客户挂断"),
                            ("agent", "坐席挂断"),
                            ("network", "线路中断"),
                            ("unknown", "不明"),
                        ],
                        max_length=10,
                        verbose_name="谁挂断",
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=80)),
                ("no_complaint", models.BooleanField(default=False)),
                ("told_recording_at", models.DateTimeField(null=True)),
                ("notes", models.TextField(blank=True)),
                ("noted_at", models.DateTimeField(null=True)),
                ("draft_key", models.UUIDField(default=uuid.uuid4, unique=True)),
                ("long_hold", models.PositiveIntegerField(default=0)),
                ("long_hold_told", models.BooleanField(default=False)),
                ("dropped", models.BooleanField(default=False)),
                ("dropped_told", models.BooleanField(default=False)),
                ("abused", models.BooleanField(default=False)),
                ("called_told", models.BooleanField(default=False)),
                (
                    "recall_kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("visit", "回访"),
                            ("promise", "承诺未兑现致电"),
                            ("low_score", "低分回访"),
                            ("asked", "客户约回电"),
                            ("talk", "客户希望再沟通"),
                            ("dropped", "掉线回拨"),
                        ],
                        max_length=12,
                    ),
                ),
                ("recall_at", models.DateTimeField(null=True)),
                ("recall_due_at", models.DateTimeField(null=True)),
                ("recalled_at", models.DateTimeField(null=True)),
                ("finished_at", models.DateTimeField(null=True)),
                (
                    "agent",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="calls",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "callback",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="callbacks.callback",
                    ),
                ),
                (
                    "complaint",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="calls",
                        to="complaint.complaint",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="calls",
                        to="customers.customer",
                    ),
                ),
                (
                    "hook",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="hooks.hook",
                    ),
                ),
                (
                    "told_recording_by",
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
            },
        ),
        migrations.CreateModel(
            name="CallEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=160)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("ringing", "振铃"),
                            ("answered", "接听"),
                            ("hold", "保持"),
                            ("resume", "恢复通话"),
                            ("transfer", "转接"),
                            ("hangup", "挂断"),
                            ("recording_ready", "录音就绪"),
                        ],
                        max_length=20,
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "agents",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=32), default=list, size=None
                    ),
                ),
                (
                    "by",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("customer", "客户挂断"),
                            ("agent", "坐席挂断"),
                            ("network", "线路中断"),
                            ("unknown", "不明"),
                        ],
                        max_length=10,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=80)),
                ("received_at", models.DateTimeField()),
                (
                    "call",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="phone.call",
                    ),
                ),
            ],
            options={
                "ordering": ("pk",),
            },
        ),
        migrations.CreateModel(
            name="Extension",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "number",
                    models.CharField(
                        max_length=32,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[0-9A-Za-z_.+*#-]{1,32}\\Z",
                                "分机号只能用数字、字母和 . _ + * # -",
                            )
                        ],
                        verbose_name="分机号",
                    ),
                ),
                ("enabled", models.BooleanField(default=True, verbose_name="启用")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="extensions",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="人员",
                    ),
                ),
            ],
            options={
                "ordering": ("number",),
            },
        ),
        migrations.CreateModel(
            name="Recording",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("url", models.CharField(max_length=500)),
                ("sha256", models.CharField(blank=True, max_length=64)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "待取回"),
                            ("kept", "已取回，通话尚未关联投诉"),
                            ("attached", "已作为证据"),
                            ("failed", "取回失败"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("next_try_at", models.DateTimeField()),
                ("taken_until", models.DateTimeField(null=True)),
                ("error", models.CharField(blank=True, max_length=300)),
                ("name", models.CharField(blank=True, max_length=140)),
                ("path", models.CharField(blank=True, max_length=80)),
                ("size", models.PositiveBigIntegerField(default=0)),
                ("at", models.DateTimeField()),
                (
                    "call",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="recordings",
                        to="phone.call",
                    ),
                ),
                (
                    "evidence",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="conversation.evidence",
                    ),
                ),
            ],
            options={
                "ordering": ("pk",),
            },
        ),
        migrations.CreateModel(
            name="Act",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "did",
                    models.CharField(
                        choices=[
                            ("notice", "已告知录音"),
                            ("checked", "向客户确认仍在等候"),
                            ("call_back", "约定回电"),
                            ("help", "请求主管支援"),
                            ("came", "主管已响应"),
                            ("warned", "辱骂处置"),
                            ("ended", "因辱骂结束通话"),
                            ("linked", "关联投诉"),
                            ("closed", "登记挂断"),
                            ("dialled", "点击呼叫"),
                        ],
                        max_length=10,
                    ),
                ),
                ("words", models.CharField(blank=True, max_length=300)),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "to",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "call",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="acts",
                        to="phone.call",
                    ),
                ),
                (
                    "rung",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="phone.rung",
                    ),
                ),
            ],
            options={
                "ordering": ("pk",),
            },
        ),
        migrations.AddIndex(
            model_name="call",
            index=models.Index(fields=["agent", "-id"], name="calls_of_agent"),
        ),
        migrations.AddIndex(
            model_name="call",
            index=models.Index(fields=["caller", "-id"], name="calls_by_caller"),
        ),
        migrations.AddIndex(
            model_name="call",
            index=models.Index(fields=["began_at"], name="calls_by_begin"),
        ),
        migrations.AddIndex(
            model_name="call",
            index=models.Index(
                condition=models.Q(("state__in", ("ringing", "talking", "held"))),
                fields=["state", "id"],
                name="calls_live",
            ),
        ),
        migrations.AddIndex(
            model_name="call",
            index=models.Index(
                condition=models.Q(("complaint", None), ("state", "ended")),
                fields=["-id"],
                name="calls_unlinked",
            ),
        ),
        migrations.AddIndex(
            model_name="call",
            index=models.Index(
                condition=models.Q(("recall_due_at__isnull", False), ("recalled_at", None)),
                fields=["recall_due_at"],
                name="calls_to_recall",
            ),
        ),
        migrations.AddIndex(
            model_name="call",
            index=models.Index(
                condition=models.Q(("finished_at", None)),
                fields=["ended_at"],
                name="calls_unfinished",
            ),
        ),
        migrations.AddConstraint(
            model_name="call",
            constraint=models.UniqueConstraint(
                models.F("hook"), models.F("outer_id"), name="call_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="callevent",
            constraint=models.UniqueConstraint(
                models.F("call"), models.F("key"), name="call_event_once"
            ),
        ),
        migrations.AddIndex(
            model_name="recording",
            index=models.Index(
                condition=models.Q(("state", "waiting")),
                fields=["next_try_at"],
                name="call_recordings_due",
            ),
        ),
        migrations.AddConstraint(
            model_name="recording",
            constraint=models.UniqueConstraint(
                models.F("call"), models.F("url"), name="recording_once"
            ),
        ),
        migrations.AddIndex(
            model_name="act",
            index=models.Index(fields=["to", "-id"], name="acts_to"),
        ),
    ]
