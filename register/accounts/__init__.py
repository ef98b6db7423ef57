"""Accounts of the staff: signing in, second factors, sessions, passwords, one's own details."""
