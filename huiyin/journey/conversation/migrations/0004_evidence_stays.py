"""What a file is stays as it came, what is held is not deleted, and its record is only added to.

Files that are there already are told apart by their type.
"""

from django.db import migrations

KINDS = """
UPDATE conversation_evidence SET kind = CASE split_part(media_type, '/', 1)
  WHEN 'audio' THEN 'recording' WHEN 'video' THEN 'cctv' WHEN 'image' THEN 'photo' ELSE 'other' END;
"""
FORBID = """
CREATE FUNCTION conversation_evidence_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    IF OLD.held THEN
      RAISE EXCEPTION 'evidence % is held and cannot be deleted', OLD.id;
    END IF;
    RETURN OLD;
  END IF;
  IF (OLD.uuid, OLD.complaint_id, OLD.name, OLD.media_type, OLD.size, OLD.sha256, OLD.path,
      OLD.by_id, OLD.at)
    IS DISTINCT FROM (NEW.uuid, NEW.complaint_id, NEW.name, NEW.media_type, NEW.size, NEW.sha256,
      NEW.path, NEW.by_id, NEW.at) THEN
    RAISE EXCEPTION 'evidence % stays as it came', OLD.id;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER stays BEFORE UPDATE OR DELETE ON conversation_evidence
  FOR EACH ROW EXECUTE FUNCTION conversation_evidence_stays();
CREATE TRIGGER stays BEFORE UPDATE OR DELETE ON conversation_custody
  FOR EACH ROW EXECUTE FUNCTION huiyin_stays();
"""
ALLOW = """
DROP TRIGGER stays ON conversation_custody;
DROP TRIGGER stays ON conversation_evidence;
DROP FUNCTION conversation_evidence_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("conversation", "0003_evidence_described"), ("complaint", "0002_events_stay")]
    operations = [
        migrations.RunSQL(KINDS, migrations.RunSQL.noop),
        migrations.RunSQL(FORBID, ALLOW),
    ]
