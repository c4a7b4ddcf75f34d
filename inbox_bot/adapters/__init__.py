"""The outside world: each module here implements one port. No decisions."""
