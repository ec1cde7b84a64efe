"""Staff: what is needed, and who should work where."""
