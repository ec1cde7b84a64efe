"""The grouping plan: staff, platforms and purchases decided together, under one budget."""
