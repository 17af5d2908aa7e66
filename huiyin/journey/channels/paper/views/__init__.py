"""Pages of letters: what came in, and what of ours goes out."""
