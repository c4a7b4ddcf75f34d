"""The pure core: what a privacy case is and how it moves.

Standard library only; frozen values and enums. No I/O, no clock, no randomness:
time, ids and calendars come in as arguments.
"""
