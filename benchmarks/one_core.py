"""Keeps a process on one core; to be imported before whatever starts threads.

Numerical libraries ask for the number of cores once, when they are imported.
"""

import os

for library in ("OMP", "OPENBLAS", "MKL", "BLIS", "RAYON"):
    os.environ[f"{library}_NUM_THREADS"] = "1"
# Only Linux has it; elsewhere the limits on threads have to do.
if hasattr(os, "sched_setaffinity"):
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
