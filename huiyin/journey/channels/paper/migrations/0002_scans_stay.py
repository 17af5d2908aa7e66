"""A scan stays as it came: what it is is never changed, and it is not deleted."""

from django.db import migrations

FORBID = """
CREATE FUNCTION paper_scan_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'scan % is kept', OLD.id;
  END IF;
  IF (OLD.uuid, OLD.name, OLD.media_type, OLD.size, OLD.sha256, OLD.path, OLD.by_id, OLD.at)
    IS DISTINCT FROM
    (NEW.uuid, NEW.name, NEW.media_type, NEW.size, NEW.sha256, NEW.path, NEW.by_id, NEW.at) THEN
    RAISE EXCEPTION 'scan % stays as it came', OLD.id;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER stays BEFORE UPDATE OR DELETE ON paper_scan
  FOR EACH ROW EXECUTE FUNCTION paper_scan_stays();
"""
ALLOW = """
DROP TRIGGER stays ON paper_scan;
DROP FUNCTION paper_scan_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("paper", "0001_letters_on_paper")]
    operations = [migrations.RunSQL(FORBID, ALLOW)]
