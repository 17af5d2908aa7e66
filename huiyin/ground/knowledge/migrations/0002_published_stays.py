"""What was published stays as it was read and quoted, and history is only added to."""

from django.db import migrations

FORBID = """
CREATE FUNCTION knowledge_version_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.state NOT IN ('published', 'expired') THEN
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
  END IF;
  IF TG_OP = 'UPDATE' AND NEW.state IN ('published', 'expired')
    AND NOT (OLD.state = 'expired' AND NEW.state = 'published')
    AND (OLD.article_id, OLD.number, OLD.title, OLD.title_en, OLD.body, OLD.body_en, OLD.source,
         OLD.clause, OLD.edition, OLD.dated, OLD.url, OLD.checked, OLD.audience, OLD.roles,
         OLD.categories, OLD.remedies, OLD.steps, OLD.keywords, OLD.valid_from, OLD.valid_to,
         OLD.writers, OLD.reviewed_by_id, OLD.reviewed_at)
      IS NOT DISTINCT FROM
        (NEW.article_id, NEW.number, NEW.title, NEW.title_en, NEW.body, NEW.body_en, NEW.source,
         NEW.clause, NEW.edition, NEW.dated, NEW.url, NEW.checked, NEW.audience, NEW.roles,
         NEW.categories, NEW.remedies, NEW.steps, NEW.keywords, NEW.valid_from, NEW.valid_to,
         NEW.writers, NEW.reviewed_by_id, NEW.reviewed_at) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'version % of article % stays as it was published', OLD.number, OLD.article_id;
END $$;
CREATE TRIGGER stays BEFORE UPDATE OR DELETE ON knowledge_version
  FOR EACH ROW EXECUTE FUNCTION knowledge_version_stays();
CREATE FUNCTION knowledge_history_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the history of knowledge is only added to';
END $$;
CREATE TRIGGER stays BEFORE UPDATE ON knowledge_history
  FOR EACH ROW EXECUTE FUNCTION knowledge_history_stays();
"""
ALLOW = """
DROP TRIGGER stays ON knowledge_version;
DROP FUNCTION knowledge_version_stays();
DROP TRIGGER stays ON knowledge_history;
DROP FUNCTION knowledge_history_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("knowledge", "0001_articles_versions")]
    operations = [migrations.RunSQL(FORBID, ALLOW)]
