"""Copies of what browsers do not play; what could not be decoded until now waits for the extra."""

import django.db.models.deletion
from django.db import migrations, models

WAITING = """
UPDATE recordings_recording SET fault = 'format'
FROM conversation_evidence
WHERE conversation_evidence.id = recordings_recording.evidence_id
  AND recordings_recording.state = 'failed' AND recordings_recording.fault = 'unreadable'
  AND conversation_evidence.media_type IN ('audio/amr', 'audio/mp4')
"""


class Migration(migrations.Migration):
    dependencies = [("recordings", "0003_recordings_by_state")]

    operations = [
        migrations.RunSQL(WAITING, migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name="recording",
            index=models.Index(
                condition=models.Q(("fault", "format")), fields=["id"], name="recordings_to_decode"
            ),
        ),
        migrations.CreateModel(
            name="Copy",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("path", models.CharField(max_length=120)),
                ("media_type", models.CharField(default="audio/ogg", max_length=100)),
                ("size", models.PositiveBigIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("derived_from", models.CharField(max_length=64)),
                ("format", models.CharField(max_length=40)),
                ("channels", models.PositiveSmallIntegerField()),
                ("rate", models.PositiveIntegerField()),
                ("doubts", models.JSONField(default=list)),
                ("made_by", models.CharField(max_length=80)),
                ("at", models.DateTimeField()),
                (
                    "recording",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sound_copy",
                        to="recordings.recording",
                    ),
                ),
            ],
            options={"verbose_name_plural": "copies"},
        ),
    ]
