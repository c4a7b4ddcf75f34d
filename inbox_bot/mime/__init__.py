"""Bytes to message and message to bytes, pure.

No network, no database, no clock. Words are those of the mail RFCs.
"""
