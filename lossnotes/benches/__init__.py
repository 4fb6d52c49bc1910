"""The bench: derived slopes, verified at numbers of the reader's against the loss alone."""

from lossnotes.benches.bench_widget import Bench, bench

__all__ = ["Bench", "bench"]
