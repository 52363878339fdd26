"""Inquiries: whoever is asked first answers for the matter, also when it becomes a ticket later (GUID-3.1, FIRST-3)."""
