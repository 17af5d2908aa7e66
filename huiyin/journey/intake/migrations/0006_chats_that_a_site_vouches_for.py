from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("intake", "0005_drafts_that_were_registered")]

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
                    ("chat_known", "聊天窗口（网站已验证）"),
                    ("mail", "收件邮箱"),
                    ("sms", "短信接入"),
                    ("social", "社交媒体接入"),
                ],
                max_length=10,
            ),
        ),
    ]
