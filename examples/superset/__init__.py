"""The warehouse in Apache Superset: datasets with their words, a dashboard."""
