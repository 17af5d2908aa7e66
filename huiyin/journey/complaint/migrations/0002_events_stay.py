"""The story cannot be rewritten, whatever the application asks (V35)."""

from django.db import migrations

FORBID = """
CREATE FUNCTION huiyin_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'rows of % are only ever added', TG_TABLE_NAME;
END $$;
CREATE TRIGGER stays BEFORE UPDATE OR DELETE ON complaint_event
  FOR EACH ROW EXECUTE FUNCTION huiyin_stays();
"""
ALLOW = """
DROP TRIGGER stays ON complaint_event;
DROP FUNCTION huiyin_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("complaint", "0001_initial")]
    operations = [migrations.RunSQL(FORBID, ALLOW)]
