from django.db import migrations, models

ZH = "如有人身危险，请马上离开现场，先拨打 120（急救）、119（火警）或 110（报警）。我们已经通知值班主管。"
EN = (
    "If anybody is in danger, leave the place and call 120 (ambulance), 119 (fire) or 110 (police) "
    "first. The supervisor on duty has been told."
)
ABOUT = "访客的话像人身危险、又还没有人应答时，马上显示一次；留空就不显示"


class Migration(migrations.Migration):
    dependencies = [("chat", "0005_summaries_that_nobody_writes")]

    operations = [
        migrations.AddField("chat", "in_danger", models.BooleanField(default=False)),
        migrations.AddField(
            "chat",
            "danger_words",
            models.CharField(blank=True, max_length=200, default=""),
            preserve_default=False,
        ),
        migrations.AddField(
            "site",
            "danger_zh",
            models.CharField(
                blank=True,
                default=ZH,
                help_text=ABOUT,
                max_length=300,
                verbose_name="有危险时的提示",
            ),
        ),
        migrations.AddField(
            "site",
            "danger_en",
            models.CharField(
                blank=True, default=EN, max_length=300, verbose_name="有危险时的英文提示"
            ),
        ),
        migrations.RemoveIndex("chat", "chats_waiting"),
        migrations.AddIndex(
            "chat",
            models.Index(
                condition=models.Q(state="waiting"),
                fields=["-in_danger", "waits_since", "id"],
                name="chats_by_turn",
            ),
        ),
        migrations.AlterField(
            "alarm",
            "kind",
            models.CharField(
                choices=[
                    ("warned", "首答将要超时"),
                    ("nearly", "首答马上超时"),
                    ("missed", "首答已超时"),
                    ("unanswered", "接入后没有应答，已放回队列"),
                    ("offline", "接待人离线，已放回队列"),
                    ("unsummed", "结束后很久没有小结"),
                    ("nobody", "有人排队，没有人在接待"),
                    ("danger", "访客的话像 S1，还没有人应答"),
                ],
                max_length=10,
            ),
        ),
    ]
