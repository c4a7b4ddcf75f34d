"""What the house learns from its own staff, where they consented, and how to try it.

Kept corrections, and stored messages read again; nothing here changes a case.
"""
