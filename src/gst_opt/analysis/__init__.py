"""Questions about solutions: each a function that calls `solve`."""
