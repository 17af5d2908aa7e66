"""A copy that was handed out has a word of its own in the custody of evidence."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("conversation", "0006_letters_by_any_channel"),
    ]

    operations = [
        migrations.AlterField(
            model_name="custody",
            name="act",
            field=models.CharField(
                choices=[
                    ("opened", "打开"),
                    ("described", "修改说明"),
                    ("held", "保全"),
                    ("released", "解除保全"),
                    ("copied", "复制"),
                ],
                max_length=10,
            ),
        ),
    ]
