"""回音 Huiyin: every complaint gets an answer."""
