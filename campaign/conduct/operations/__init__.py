"""What is written about conduct: decisions, reports and their cases, bars and no-contact pairs."""
