"""Rounds of one to three options, and what an offer keeps of its making."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

STATES = [
    ("waiting", "待审批"),
    ("denied", "已驳回"),
    ("offered", "待客户答复"),
    ("agreed", "客户已同意"),
    ("declined", "客户不同意"),
    ("executed", "已执行"),
    ("passed", "未选"),
    ("changed", "已被修改"),
]


def a_person() -> models.Field:
    return models.ForeignKey(
        null=True,
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
        to=settings.AUTH_USER_MODEL,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0001_initial"),
        ("resolution", "0004_remedies_in_full"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="offer", options={"ordering": ("-round", "choice", "-pk")}
        ),
        migrations.AlterField(
            model_name="offer",
            name="state",
            field=models.CharField(choices=STATES, max_length=10),
        ),
        migrations.AddField(
            model_name="offer",
            name="round",
            field=models.PositiveSmallIntegerField(default=1, verbose_name="轮次"),
        ),
        migrations.AddField(
            model_name="offer",
            name="choice",
            field=models.PositiveSmallIntegerField(default=1, verbose_name="选项"),
        ),
        migrations.AddField(
            model_name="offer", name="value_fen", field=models.BigIntegerField(default=0)
        ),
        migrations.AddField(
            model_name="offer",
            name="cost_fen",
            field=models.BigIntegerField(default=0, verbose_name="成本（分）"),
        ),
        migrations.AddField(
            model_name="offer",
            name="order_fen",
            field=models.BigIntegerField(null=True, verbose_name="订单金额（分）"),
        ),
        migrations.AddField(
            model_name="offer", name="fields", field=models.JSONField(default=dict)
        ),
        migrations.AddField(
            model_name="offer", name="calculation", field=models.JSONField(default=list)
        ),
        migrations.AddField(
            model_name="offer",
            name="money_kind",
            field=models.CharField(blank=True, default="", max_length=12),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="offer",
            name="team",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="people.team",
            ),
        ),
        migrations.AddField(
            model_name="offer", name="authority", field=models.JSONField(default=dict)
        ),
        migrations.AddField(
            model_name="offer",
            name="changed_from",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="changed_into",
                to="resolution.offer",
            ),
        ),
        migrations.AddField(
            model_name="offer", name="seen_at", field=models.DateTimeField(null=True)
        ),
        migrations.AddField(model_name="offer", name="decided_for", field=a_person()),
        migrations.AddField(
            model_name="offer", name="decided_under", field=models.JSONField(default=dict)
        ),
        migrations.AddField(model_name="signature", name="for_whom", field=a_person()),
    ]
