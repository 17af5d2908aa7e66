"""What was written of an incident, and what all were told, stays as it was."""

from django.db import migrations

TABLES = ("grouping_entry", "grouping_jointnotice")
FORBID = "CREATE TRIGGER stays BEFORE UPDATE OR DELETE ON {} FOR EACH ROW EXECUTE FUNCTION huiyin_stays();"
ALLOW = "DROP TRIGGER stays ON {};"


class Migration(migrations.Migration):
    dependencies = [
        ("grouping", "0001_bonds_and_incidents"),
        ("complaint", "0002_events_stay"),
    ]
    operations = [
        migrations.RunSQL(
            [FORBID.format(table) for table in TABLES],
            [ALLOW.format(table) for table in TABLES],
        )
    ]
