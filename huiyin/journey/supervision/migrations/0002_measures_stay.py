"""What was filed stays as it was filed, and what was said to it is said once."""

from django.db import migrations

FORBID = """
CREATE FUNCTION supervision_measure_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND OLD.verdict = 'waiting'
    AND (OLD.supervision_id, OLD.text, OLD.by_id, OLD.at, OLD.late)
      IS NOT DISTINCT FROM (NEW.supervision_id, NEW.text, NEW.by_id, NEW.at, NEW.late) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'measures % stay as they were filed', OLD.id;
END $$;
CREATE TRIGGER stays BEFORE UPDATE OR DELETE ON supervision_measure
  FOR EACH ROW EXECUTE FUNCTION supervision_measure_stays();
"""
ALLOW = """
DROP TRIGGER stays ON supervision_measure;
DROP FUNCTION supervision_measure_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("supervision", "0001_supervisions_measures_rules")]
    operations = [migrations.RunSQL(FORBID, ALLOW)]
