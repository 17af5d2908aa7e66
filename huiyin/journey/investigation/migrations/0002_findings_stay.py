"""What was found stays as it was written; the next finding stands beside it (V35)."""

from django.db import migrations

FORBID = """
CREATE TRIGGER stays BEFORE UPDATE OR DELETE ON investigation_finding
  FOR EACH ROW EXECUTE FUNCTION huiyin_stays();
"""
ALLOW = "DROP TRIGGER stays ON investigation_finding;"


class Migration(migrations.Migration):
    dependencies = [("investigation", "0001_initial"), ("complaint", "0002_events_stay")]
    operations = [migrations.RunSQL(FORBID, ALLOW)]
