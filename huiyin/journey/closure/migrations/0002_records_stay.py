"""What was told, heard, decided and opened again stays as it was (V35)."""

from django.db import migrations

TABLES = ("closure_feedback", "closure_visit", "closure_closing", "closure_reopening")
FORBID = "CREATE TRIGGER stays BEFORE UPDATE OR DELETE ON {} FOR EACH ROW EXECUTE FUNCTION huiyin_stays();"
ALLOW = "DROP TRIGGER stays ON {};"


class Migration(migrations.Migration):
    dependencies = [("closure", "0001_initial"), ("complaint", "0002_events_stay")]
    operations = [
        migrations.RunSQL(
            [FORBID.format(table) for table in TABLES],
            [ALLOW.format(table) for table in TABLES],
        )
    ]
