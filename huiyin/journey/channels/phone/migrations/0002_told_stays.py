"""What was told of a call and what was done in it stays as it was (V35)."""

from django.db import migrations

TABLES = ("phone_callevent", "phone_act")
FORBID = (
    "CREATE TRIGGER stays BEFORE UPDATE OR DELETE ON {} FOR EACH ROW "
    "EXECUTE FUNCTION huiyin_stays();"
)
ALLOW = "DROP TRIGGER stays ON {};"


class Migration(migrations.Migration):
    dependencies = [
        ("phone", "0001_calls_and_extensions"),
        ("complaint", "0002_events_stay"),
    ]
    operations = [
        migrations.RunSQL(
            [FORBID.format(table) for table in TABLES], [ALLOW.format(table) for table in TABLES]
        )
    ]
