"""Files of mails within mails are told apart; whoever takes one out is on record; signatures stand
where the story shows them."""

from django.db import migrations, models

KINDS = [("images", "显示远程图片"), ("original", "下载原件"), ("part", "取出附件")]
SIGNED = [
    ("smime", "带有 S/MIME 签名（未核验）"),
    ("pgp", "带有 PGP 签名（未核验）"),
    ("smime_cipher", "以 S/MIME 加密，本系统不能解开"),
    ("pgp_cipher", "以 PGP 加密，本系统不能解开"),
]
KNOWN = """
UPDATE mail_mail SET signed = facts->>'signed'
  || CASE WHEN facts->'doubts' ? 'encrypted' THEN '_cipher' ELSE '' END
WHERE facts->>'signed' IN ('smime', 'pgp');
"""


class Migration(migrations.Migration):
    dependencies = [
        ("mail", "0005_signs_of_signatures"),
    ]

    operations = [
        migrations.AddField(
            model_name="part",
            name="inside",
            field=models.CharField(blank=True, default="", max_length=140),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="touch",
            name="place",
            field=models.PositiveSmallIntegerField(null=True),
        ),
        migrations.AlterField(
            model_name="touch",
            name="what",
            field=models.CharField(choices=KINDS, max_length=10),
        ),
        migrations.AddField(
            model_name="mail",
            name="signed",
            field=models.CharField(blank=True, choices=SIGNED, default="", max_length=12),
            preserve_default=False,
        ),
        migrations.RunSQL(KNOWN, migrations.RunSQL.noop, elidable=True),
    ]
