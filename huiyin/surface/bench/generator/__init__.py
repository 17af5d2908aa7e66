"""`manage generate`: complaints with their whole story, written by COPY instead of by acts."""

from huiyin.surface.bench.generator.generate import generate

__all__ = ["generate"]
