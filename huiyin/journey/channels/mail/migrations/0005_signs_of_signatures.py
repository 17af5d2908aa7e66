from django.db import migrations, models

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
    ("signature_end", "签名末尾的一行"),
    ("rule", "签名上方的横线"),
    ("closing", "信末的结束语"),
    ("contact", "签名里的联系方式"),
    ("told", "签名里不会有的话"),
    ("client_line", "邮件软件自己加的一行"),
]


class Migration(migrations.Migration):
    dependencies = [
        ("mail", "0004_what_was_set_aside"),
    ]

    operations = [
        migrations.AlterField(
            model_name="sign",
            name="kind",
            field=models.CharField(choices=KINDS, max_length=14, verbose_name="种类"),
        ),
    ]
