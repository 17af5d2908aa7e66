"""Offers made before there were rounds get one each; what was offered stays, options too (V35).

A machine never approves and nobody signs what he proposed: the database refuses both.
"""

from django.db import migrations

NUMBER = """
ALTER TABLE resolution_offer DISABLE TRIGGER goes_on;
UPDATE resolution_offer o
   SET round = n.round, value_fen = o.amount_fen, team_id = c.team_id
  FROM (SELECT id, row_number() OVER (PARTITION BY complaint_id ORDER BY id) AS round
          FROM resolution_offer) n,
       complaint_complaint c
 WHERE n.id = o.id AND c.id = o.complaint_id;
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE resolution_offer ENABLE TRIGGER goes_on;
"""
FORBID = """
CREATE OR REPLACE FUNCTION huiyin_offer_goes_on() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (OLD.complaint_id, OLD.round, OLD.choice, OLD.remedy_id, OLD.basis, OLD.wording,
      OLD.amount_fen, OLD.value_fen, OLD.cost_fen, OLD.order_fen, OLD.fields, OLD.calculation,
      OLD.money_kind, OLD.due_on, OLD.by_id, OLD.at, OLD.team_id, OLD.authority,
      OLD.changed_from_id)
     IS DISTINCT FROM
     (NEW.complaint_id, NEW.round, NEW.choice, NEW.remedy_id, NEW.basis, NEW.wording,
      NEW.amount_fen, NEW.value_fen, NEW.cost_fen, NEW.order_fen, NEW.fields, NEW.calculation,
      NEW.money_kind, NEW.due_on, NEW.by_id, NEW.at, NEW.team_id, NEW.authority,
      NEW.changed_from_id)
  THEN RAISE EXCEPTION 'what was offered cannot be changed'; END IF;
  IF (OLD.state, NEW.state) NOT IN (
      ('waiting', 'offered'), ('waiting', 'denied'), ('waiting', 'changed'),
      ('waiting', 'passed'), ('offered', 'agreed'), ('offered', 'declined'),
      ('offered', 'passed'), ('agreed', 'declined'), ('agreed', 'executed'))
  THEN RAISE EXCEPTION 'an offer does not go from % to %', OLD.state, NEW.state; END IF;
  IF (OLD.state <> 'waiting' OR OLD.decided_at IS NOT NULL)
     AND (OLD.decided_by_id, OLD.decided_for_id, OLD.decided_at, OLD.decision_note,
          OLD.decided_under)
         IS DISTINCT FROM
         (NEW.decided_by_id, NEW.decided_for_id, NEW.decided_at, NEW.decision_note,
          NEW.decided_under)
  THEN RAISE EXCEPTION 'a decision cannot be changed'; END IF;
  IF NEW.state = 'offered' AND NEW.decided_by_id IS NOT NULL AND EXISTS (
      SELECT 1 FROM people_user WHERE id = NEW.decided_by_id AND is_system)
  THEN RAISE EXCEPTION 'a machine approves nothing'; END IF;
  RETURN NEW;
END $$;
CREATE FUNCTION huiyin_offer_begins() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.state NOT IN ('waiting', 'offered') THEN RETURN NEW; END IF;
  IF EXISTS (
      SELECT 1 FROM resolution_offer
       WHERE complaint_id = NEW.complaint_id AND round <> NEW.round
         AND state IN ('waiting', 'offered', 'agreed'))
  THEN RAISE EXCEPTION 'another round is open'; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER begins BEFORE INSERT ON resolution_offer
  FOR EACH ROW EXECUTE FUNCTION huiyin_offer_begins();
CREATE FUNCTION huiyin_signs() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM people_user WHERE id = NEW.by_id AND is_system)
  THEN RAISE EXCEPTION 'a machine signs nothing'; END IF;
  IF EXISTS (SELECT 1 FROM resolution_offer
              WHERE id = NEW.offer_id AND by_id IN (NEW.by_id, NEW.for_whom_id))
  THEN RAISE EXCEPTION 'who proposed does not sign'; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER signs BEFORE INSERT ON resolution_signature
  FOR EACH ROW EXECUTE FUNCTION huiyin_signs();
"""
ALLOW = """
DROP TRIGGER signs ON resolution_signature;
DROP FUNCTION huiyin_signs();
DROP TRIGGER begins ON resolution_offer;
DROP FUNCTION huiyin_offer_begins();
"""


class Migration(migrations.Migration):
    dependencies = [("resolution", "0005_rounds"), ("complaint", "0001_initial")]
    operations = [
        migrations.RunSQL(NUMBER, migrations.RunSQL.noop),
        migrations.RunSQL(FORBID, ALLOW),
    ]
