"""Sounds that were evidence before there was anybody to listen to them."""

from django.db import migrations

QUEUE = """
INSERT INTO recordings_recording
    (evidence_id, complaint_id, state, fault, progress, format, doubts, sha256, interruptions,
     hold_seconds, swapped, figures, places, told, holds_told, tries, next_try_at, at)
SELECT id, complaint_id, 'queued', '', 0, '', '[]', '', 0, 0, false, '{}', '{}', '{}', '[]', 0,
       now(), now()
FROM conversation_evidence WHERE media_type LIKE 'audio/%%'
ON CONFLICT DO NOTHING
"""


def queue(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(QUEUE.replace("%%", "%"))


class Migration(migrations.Migration):
    dependencies = [("recordings", "0001_recordings_transcripts_quotes")]
    operations = [migrations.RunPython(queue, migrations.RunPython.noop)]
