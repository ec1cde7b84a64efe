"""What the diagnosis reads and finds: use, reach, gaps, origins; one room a subject."""
