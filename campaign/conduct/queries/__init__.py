"""Looking decisions, reports, and who is barred or kept apart up."""
