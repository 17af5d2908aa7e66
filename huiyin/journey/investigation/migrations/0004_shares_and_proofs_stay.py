"""Shares and proofs stay with their finding as they were written."""

from django.db import migrations

FORBID = """
CREATE TRIGGER stays BEFORE UPDATE OR DELETE ON investigation_share
  FOR EACH ROW EXECUTE FUNCTION huiyin_stays();
CREATE TRIGGER stays BEFORE UPDATE OR DELETE ON investigation_proof
  FOR EACH ROW EXECUTE FUNCTION huiyin_stays();
"""
ALLOW = """
DROP TRIGGER stays ON investigation_proof;
DROP TRIGGER stays ON investigation_share;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("investigation", "0003_shares_whys_proofs"),
        ("complaint", "0002_events_stay"),
    ]
    operations = [migrations.RunSQL(FORBID, ALLOW)]
