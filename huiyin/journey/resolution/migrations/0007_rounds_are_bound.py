"""One agreed offer, one offer for each choice of a round, four eyes for deputies too."""

from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [("resolution", "0006_rounds_stay")]

    operations = [
        migrations.RemoveConstraint(model_name="offer", name="one_open_offer"),
        migrations.RemoveConstraint(model_name="offer", name="four_eyes"),
        migrations.AddConstraint(
            model_name="offer",
            constraint=models.CheckConstraint(
                condition=Q(value_fen__gte=F("amount_fen")), name="counts_in_full"
            ),
        ),
        migrations.AddConstraint(
            model_name="offer",
            constraint=models.CheckConstraint(
                condition=Q(choice__gte=1, choice__lte=3, round__gte=1),
                name="one_to_three_options",
            ),
        ),
        migrations.AddConstraint(
            model_name="offer",
            constraint=models.UniqueConstraint(
                "complaint",
                "round",
                "choice",
                condition=~Q(state="changed"),
                name="one_offer_a_choice",
            ),
        ),
        migrations.AddConstraint(
            model_name="offer",
            constraint=models.UniqueConstraint(
                "complaint", condition=Q(state="agreed"), name="one_agreed_offer"
            ),
        ),
        migrations.AddConstraint(
            model_name="offer",
            constraint=models.CheckConstraint(
                condition=Q(state="denied")
                | Q(decided_by=None)
                | (~Q(decided_by=F("by")) & (Q(decided_for=None) | ~Q(decided_for=F("by")))),
                name="four_eyes",
            ),
        ),
        migrations.AddIndex(
            model_name="offer",
            index=models.Index(fields=["team", "at"], name="offers_of_team"),
        ),
        migrations.AddIndex(
            model_name="offer",
            index=models.Index(
                fields=["at", "id"], condition=Q(state="waiting"), name="offers_waiting"
            ),
        ),
        migrations.AddConstraint(
            model_name="signature",
            constraint=models.UniqueConstraint(
                "offer",
                "for_whom",
                condition=Q(for_whom__isnull=False),
                name="one_signature_a_name",
            ),
        ),
    ]
