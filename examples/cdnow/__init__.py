"""CDNOW: 18 months of purchases of one cohort of customers."""
