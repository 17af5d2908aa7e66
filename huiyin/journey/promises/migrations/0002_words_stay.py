"""What was promised stays as it was said; only its date and its end are written later (V35).

A promise that was kept or released never changes again; one that was broken stays broken.
"""

from django.db import migrations

FORBID = """
CREATE FUNCTION huiyin_promise_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (OLD.complaint_id, OLD.kind, OLD.what, OLD.amount_fen, OLD.first_due_at, OLD.origin,
      OLD.source, OLD.sentence, OLD.message_id, OLD.authority, OLD.assumed, OLD.beyond,
      OLD.by_id, OLD.at)
     IS DISTINCT FROM
     (NEW.complaint_id, NEW.kind, NEW.what, NEW.amount_fen, NEW.first_due_at, NEW.origin,
      NEW.source, NEW.sentence, NEW.message_id, NEW.authority, NEW.assumed, NEW.beyond,
      NEW.by_id, NEW.at)
  THEN RAISE EXCEPTION 'what was promised cannot be changed'; END IF;
  IF OLD.state IN ('kept', 'released')
  THEN RAISE EXCEPTION 'a promise that has ended cannot be changed'; END IF;
  IF OLD.state = 'broken' AND NEW.state <> 'broken'
  THEN RAISE EXCEPTION 'a promise that was broken stays broken'; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER goes_on BEFORE UPDATE ON promises_promise
  FOR EACH ROW EXECUTE FUNCTION huiyin_promise_stays();
CREATE TRIGGER stays BEFORE DELETE ON promises_promise
  FOR EACH ROW EXECUTE FUNCTION huiyin_stays();
CREATE TRIGGER stays BEFORE UPDATE OR DELETE ON promises_move
  FOR EACH ROW EXECUTE FUNCTION huiyin_stays();
CREATE TRIGGER stays BEFORE UPDATE OR DELETE ON promises_waiver
  FOR EACH ROW EXECUTE FUNCTION huiyin_stays();
"""
ALLOW = """
DROP TRIGGER stays ON promises_waiver;
DROP TRIGGER stays ON promises_move;
DROP TRIGGER stays ON promises_promise;
DROP TRIGGER goes_on ON promises_promise;
DROP FUNCTION huiyin_promise_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("promises", "0001_ledger"), ("complaint", "0002_events_stay")]
    operations = [migrations.RunSQL(FORBID, ALLOW)]
