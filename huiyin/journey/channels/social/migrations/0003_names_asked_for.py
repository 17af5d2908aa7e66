"""What somebody is called is asked of the system that he speaks through, where it comes not along."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("social", "0002_sentences_kept")]

    operations = [
        migrations.AddField(
            model_name="account",
            name="naming_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="account",
            name="naming_tries",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddIndex(
            model_name="account",
            index=models.Index(
                condition=models.Q(("naming_at", None), _negated=True),
                fields=["naming_at"],
                name="accounts_to_name",
            ),
        ),
    ]
