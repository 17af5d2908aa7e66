"""What was said stays said (V35)."""

from django.db import migrations

FORBID = """
CREATE TRIGGER stays BEFORE UPDATE OR DELETE ON conversation_message
  FOR EACH ROW EXECUTE FUNCTION huiyin_stays();
"""
ALLOW = "DROP TRIGGER stays ON conversation_message;"


class Migration(migrations.Migration):
    dependencies = [("conversation", "0001_initial"), ("complaint", "0002_events_stay")]
    operations = [migrations.RunSQL(FORBID, ALLOW)]
