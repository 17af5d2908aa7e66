"""Pages of mail: the original of a mail, what was held, sending again."""
