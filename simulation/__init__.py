"""Simulated data with known truths; README.md says what each is for."""
