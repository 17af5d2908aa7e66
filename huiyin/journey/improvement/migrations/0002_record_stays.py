"""What was reported, verified, counted and told stays as it was."""

from django.db import migrations

FORBID = """
CREATE FUNCTION improvement_report_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND OLD.verdict = 'waiting'
    AND (OLD.improvement_id, OLD.text, OLD.by_id, OLD.at, OLD.late)
      IS NOT DISTINCT FROM (NEW.improvement_id, NEW.text, NEW.by_id, NEW.at, NEW.late) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'report % stays as it was made', OLD.id;
END $$;
CREATE TRIGGER stays BEFORE UPDATE OR DELETE ON improvement_report
  FOR EACH ROW EXECUTE FUNCTION improvement_report_stays();

CREATE FUNCTION improvement_row_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'row % of % stays as it was written', OLD.id, TG_TABLE_NAME;
END $$;
CREATE TRIGGER stays BEFORE UPDATE OR DELETE ON improvement_line
  FOR EACH ROW EXECUTE FUNCTION improvement_row_stays();
CREATE TRIGGER stays BEFORE UPDATE OR DELETE ON improvement_check
  FOR EACH ROW EXECUTE FUNCTION improvement_row_stays();
CREATE TRIGGER stays BEFORE UPDATE OR DELETE ON improvement_file
  FOR EACH ROW EXECUTE FUNCTION improvement_row_stays();

CREATE FUNCTION improvement_reading_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.read_at IS NULL THEN RETURN NEW; END IF;
  RAISE EXCEPTION 'reading % stays as it was confirmed', OLD.id;
END $$;
CREATE TRIGGER stays BEFORE UPDATE ON improvement_reading
  FOR EACH ROW EXECUTE FUNCTION improvement_reading_stays();
"""
ALLOW = """
DROP TRIGGER stays ON improvement_reading;
DROP TRIGGER stays ON improvement_file;
DROP TRIGGER stays ON improvement_check;
DROP TRIGGER stays ON improvement_line;
DROP TRIGGER stays ON improvement_report;
DROP FUNCTION improvement_reading_stays();
DROP FUNCTION improvement_row_stays();
DROP FUNCTION improvement_report_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("improvement", "0001_improvements_and_bulletins")]
    operations = [migrations.RunSQL(FORBID, ALLOW)]
