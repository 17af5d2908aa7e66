from django.db import migrations, models
from django.db.models import Q

KINDS = [
    ("bounce", "退信"),
    ("receipt", "送达或阅读回执"),
    ("spam", "垃圾邮件标记"),
    ("out_of_office", "外出回复"),
    ("auto_reply", "自动回复"),
    ("identity", "验证码或账号通知"),
    ("list", "邮件列表或群发"),
    ("machine", "程序发出的佐证（不单独定性）"),
    ("forward", "转发的主题"),
    ("quote", "引文开头的一行"),
    ("quote_block", "引文信头的一行"),
    ("signature", "签名开头的一行"),
    ("client_line", "邮件软件自己加的一行"),
]


def asks_for_no_answer(apps, _editor):
    """The header asks for no automatic answer; it does not say that the mail is one."""
    sign = apps.get_model("mail", "Sign")
    same = {"header": "x-auto-response-suppress", "pattern": "*"}
    if not sign.objects.filter(kind="machine", **same).exists():
        sign.objects.filter(kind="list", **same).update(kind="machine")


class Migration(migrations.Migration):
    dependencies = [
        ("mail", "0003_pictures_and_touches"),
    ]

    operations = [
        migrations.AlterField(
            model_name="sign",
            name="kind",
            field=models.CharField(choices=KINDS, max_length=14, verbose_name="种类"),
        ),
        migrations.RunPython(asks_for_no_answer, migrations.RunPython.noop, elidable=True),
        migrations.AddIndex(
            model_name="mail",
            index=models.Index(
                fields=["-id"],
                condition=Q(outcome__in=("noted", "ignored", "duplicate")),
                name="mails_set_aside",
            ),
        ),
    ]
