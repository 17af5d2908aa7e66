from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("phone", "0004_sentences_kept")]

    operations = [
        migrations.AlterField(
            model_name="limit",
            name="code",
            field=models.CharField(
                choices=[
                    ("hold_prompt", "保持多久后提示向客户确认"),
                    ("hold_again", "之后每隔多久再提示"),
                    ("hold_offer", "保持多久后提出回电"),
                    ("dropped", "掉线后多久内回拨"),
                    ("pause", "辱骂通话后建议暂停接听"),
                    ("ring", "没有后续消息，振铃多久后视为已结束"),
                    ("stale", "没有挂断消息，多久后视为已结束"),
                    ("wrap_up", "挂断后多久自动保存通话记录"),
                ],
                max_length=20,
                unique=True,
                verbose_name="用途",
            ),
        ),
    ]
