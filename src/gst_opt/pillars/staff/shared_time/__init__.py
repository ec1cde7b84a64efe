"""Shared time: half-days a week that sites lend one another, and half-days bought from private practitioners."""
