"""A seal is never changed and never taken away (V35)."""

from django.db import migrations

FORBID = "CREATE TRIGGER stays BEFORE UPDATE OR DELETE ON closure_seal FOR EACH ROW EXECUTE FUNCTION huiyin_stays();"


class Migration(migrations.Migration):
    dependencies = [("closure", "0006_seals_cases"), ("complaint", "0002_events_stay")]
    operations = [migrations.RunSQL(FORBID, "DROP TRIGGER stays ON closure_seal;")]
