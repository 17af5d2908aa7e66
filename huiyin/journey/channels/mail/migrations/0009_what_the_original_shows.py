"""Whether a mail has remote images, why one could not be had, whether the story folds
anything away."""

from django.db import migrations, models

FAULTS = [
    ("forbidden", "地址不允许访问"),
    ("unreached", "没有连上对方服务器"),
    ("refused", "对方服务器没有给出图片"),
    ("spoilt", "不是能显示的图片"),
]


class Migration(migrations.Migration):
    dependencies = [
        ("mail", "0008_mails_that_name"),
    ]

    operations = [
        migrations.AddField(
            model_name="mail",
            name="remote_images",
            field=models.PositiveSmallIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="mail",
            name="folds",
            field=models.BooleanField(null=True),
        ),
        migrations.AddField(
            model_name="picture",
            name="fault",
            field=models.CharField(blank=True, choices=FAULTS, default="", max_length=10),
            preserve_default=False,
        ),
    ]
