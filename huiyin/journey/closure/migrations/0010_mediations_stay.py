"""That a mediation was begun, and what came of it, stays as it was (V35)."""

from django.db import migrations

TABLES = ("closure_mediation", "closure_mediationend", "closure_mediationpaper")
FORBID = "CREATE TRIGGER stays BEFORE UPDATE OR DELETE ON {} FOR EACH ROW EXECUTE FUNCTION huiyin_stays();"
ALLOW = "DROP TRIGGER stays ON {};"


class Migration(migrations.Migration):
    dependencies = [("closure", "0009_mediations"), ("complaint", "0002_events_stay")]
    operations = [
        migrations.RunSQL(
            [FORBID.format(table) for table in TABLES],
            [ALLOW.format(table) for table in TABLES],
        )
    ]
