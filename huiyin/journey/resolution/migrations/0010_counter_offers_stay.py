"""What the customer asked for is kept as it was heard (V35)."""

from django.db import migrations

FORBID = """
CREATE TRIGGER stays BEFORE UPDATE OR DELETE ON resolution_counteroffer
  FOR EACH ROW EXECUTE FUNCTION huiyin_stays();
"""
ALLOW = "DROP TRIGGER stays ON resolution_counteroffer;"


class Migration(migrations.Migration):
    dependencies = [("resolution", "0009_authority_by_kind"), ("complaint", "0002_events_stay")]
    operations = [migrations.RunSQL(FORBID, ALLOW)]
