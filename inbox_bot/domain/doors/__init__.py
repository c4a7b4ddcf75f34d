"""The rules behind `policy.decide`, one module for each door and what they share.

Mail, people and time come in here; nothing outside the domain imports from here.
"""
