"""Chats were told as the portal, texts and social media as mail, letters and the counter as typed
on the registration page. What the channel and the receipt tell of them is put right."""

from django.db import migrations, models

BY_CHANNEL = (("mail", "sms", "sms"), ("mail", "social", "social"), ("portal", "chat", "chat"))


def tell_doors(apps, schema_editor):
    intakes = apps.get_model("intake", "Intake").objects
    for was, channel, door in BY_CHANNEL:
        intakes.filter(via=was, complaint__channel=channel).update(via=door)
    for caller in ("paper", "counter"):
        intakes.filter(via="staff", receipt__caller=caller).update(via=caller)


def tell_as_before(apps, schema_editor):
    intakes = apps.get_model("intake", "Intake").objects
    for was, _channel, door in BY_CHANNEL:
        intakes.filter(via=door).update(via=was)
    intakes.filter(via__in=("paper", "counter")).update(via="staff")


class Migration(migrations.Migration):
    dependencies = [
        ("complaint", "0007_every_channel"),
        ("intake", "0002_complaints_by_mail"),
    ]

    operations = [
        migrations.AlterField(
            model_name="intake",
            name="via",
            field=models.CharField(
                choices=[
                    ("staff", "受理登记页"),
                    ("counter", "柜台登记"),
                    ("paper", "纸质来信登记"),
                    ("api", "接口"),
                    ("import", "导入"),
                    ("portal", "网页门户"),
                    ("chat", "聊天窗口"),
                    ("mail", "收件邮箱"),
                    ("sms", "短信接入"),
                    ("social", "社交媒体接入"),
                ],
                max_length=10,
            ),
        ),
        migrations.RunPython(tell_doors, tell_as_before),
    ]
