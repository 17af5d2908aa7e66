"""Where the owner of a mailbox lets us in at his provider."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("mail", "0010_providers"),
    ]

    operations = [
        migrations.AddField(
            model_name=name,
            name="oauth_authorize_url",
            field=models.CharField(
                blank=True, default="", max_length=300, verbose_name="OAuth2 授权地址"
            ),
            preserve_default=False,
        )
        for name in ("mailbox", "provider")
    ]
