"""What came in is looked through by when it came."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [
        ("hooks", "0004_sentences_kept"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="arrival",
            index=models.Index(fields=["-received_at", "-id"], name="arrivals_by_moment"),
        ),
        migrations.AddIndex(
            model_name="arrival",
            index=models.Index(
                fields=["hook", "-received_at", "-id"], name="arrivals_of_hook_by_moment"
            ),
        ),
        migrations.RemoveIndex(model_name="arrival", name="arrivals_of_hook"),
        migrations.AddIndex(
            model_name="arrival",
            index=models.Index(
                fields=["-received_at", "-id"],
                condition=Q(state="failed"),
                name="arrivals_failed_by_moment",
            ),
        ),
        migrations.RemoveIndex(model_name="arrival", name="arrivals_failed"),
    ]
