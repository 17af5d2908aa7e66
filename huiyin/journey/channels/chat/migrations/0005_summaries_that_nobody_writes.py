import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("chat", "0004_mails_about_chats")]

    operations = [
        migrations.AddField(
            model_name="site",
            name="summary_minutes",
            field=models.PositiveSmallIntegerField(
                default=30,
                help_text="满 24 小时仍没有小结的，由系统登记为投诉",
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(1440),
                ],
                verbose_name="结束后多久没有小结就提醒主管（分钟）",
            ),
        ),
        migrations.AlterField(
            model_name="alarm",
            name="kind",
            field=models.CharField(
                choices=[
                    ("warned", "首答将要超时"),
                    ("nearly", "首答马上超时"),
                    ("missed", "首答已超时"),
                    ("unanswered", "接入后没有应答，已放回队列"),
                    ("offline", "接待人离线，已放回队列"),
                    ("unsummed", "结束后很久没有小结"),
                    ("nobody", "有人排队，没有人在接待"),
                ],
                max_length=10,
            ),
        ),
    ]
