"""Simulated data of which the truth is known; README.md says which is for what."""
