"""What was asked for and what came of each try stays as it was (V35)."""

from django.db import migrations

TRIGGERS = {
    "callbacks_try": "UPDATE OR DELETE",
    "callbacks_callback": "UPDATE OF complaint_id, kind, reason, source, by_id, at OR DELETE",
}
FORBID = "CREATE TRIGGER stays BEFORE {} ON {} FOR EACH ROW EXECUTE FUNCTION huiyin_stays();"
ALLOW = "DROP TRIGGER stays ON {};"


class Migration(migrations.Migration):
    dependencies = [
        ("callbacks", "0001_callbacks_tries_scripts"),
        ("complaint", "0002_events_stay"),
    ]
    operations = [
        migrations.RunSQL(
            [FORBID.format(when, table) for table, when in TRIGGERS.items()],
            [ALLOW.format(table) for table in TRIGGERS],
        )
    ]
