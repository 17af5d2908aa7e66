"""What was offered stays as it was offered; it only goes on along its states (V35).

An offer that has ended (denied, declined, executed) never changes again. A sum, its basis, its
words and who decided cannot be rewritten, whatever the application asks.
"""

from django.db import migrations

FORBID = """
CREATE FUNCTION huiyin_offer_goes_on() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (OLD.complaint_id, OLD.remedy_id, OLD.basis, OLD.wording, OLD.amount_fen, OLD.due_on,
      OLD.by_id, OLD.at)
     IS DISTINCT FROM
     (NEW.complaint_id, NEW.remedy_id, NEW.basis, NEW.wording, NEW.amount_fen, NEW.due_on,
      NEW.by_id, NEW.at)
  THEN RAISE EXCEPTION 'what was offered cannot be changed'; END IF;
  IF (OLD.state, NEW.state) NOT IN (
      ('waiting', 'offered'), ('waiting', 'denied'), ('offered', 'agreed'),
      ('offered', 'declined'), ('agreed', 'declined'), ('agreed', 'executed'))
  THEN RAISE EXCEPTION 'an offer does not go from % to %', OLD.state, NEW.state; END IF;
  IF OLD.state <> 'waiting'
     AND (OLD.decided_by_id, OLD.decided_at, OLD.decision_note)
         IS DISTINCT FROM (NEW.decided_by_id, NEW.decided_at, NEW.decision_note)
  THEN RAISE EXCEPTION 'a decision cannot be changed'; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER goes_on BEFORE UPDATE ON resolution_offer
  FOR EACH ROW EXECUTE FUNCTION huiyin_offer_goes_on();
CREATE TRIGGER stays BEFORE DELETE ON resolution_offer
  FOR EACH ROW EXECUTE FUNCTION huiyin_stays();
CREATE TRIGGER stays BEFORE UPDATE OR DELETE ON resolution_signature
  FOR EACH ROW EXECUTE FUNCTION huiyin_stays();
"""
ALLOW = """
DROP TRIGGER stays ON resolution_signature;
DROP TRIGGER stays ON resolution_offer;
DROP TRIGGER goes_on ON resolution_offer;
DROP FUNCTION huiyin_offer_goes_on();
"""


class Migration(migrations.Migration):
    dependencies = [("resolution", "0001_initial"), ("complaint", "0002_events_stay")]
    operations = [migrations.RunSQL(FORBID, ALLOW)]
