"""Complaints that were closed before there was a composer are precedents too."""

from django.db import migrations

FILL = """
INSERT INTO composer_precedent
  (complaint_id, closing_id, remedy_id, amount_fen, level1, level2, level3, ended_at)
SELECT c.id, k.id, k.remedy_id,
       coalesce((SELECT o.paid_fen FROM resolution_offer o
                 WHERE o.complaint_id = c.id AND o.state = 'executed' ORDER BY o.id DESC LIMIT 1), 0),
       split_part(c.category, '.', 1),
       array_to_string((string_to_array(c.category, '.'))[1:2], '.'),
       array_to_string((string_to_array(c.category, '.'))[1:3], '.'),
       k.at
FROM complaint_complaint c
JOIN LATERAL (SELECT * FROM closure_closing x WHERE x.complaint_id = c.id
              ORDER BY x.id DESC LIMIT 1) k ON true
WHERE c.closed_at IS NOT NULL AND c.category <> ''
ON CONFLICT DO NOTHING;
"""


class Migration(migrations.Migration):
    dependencies = [("composer", "0001_composing")]
    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]
