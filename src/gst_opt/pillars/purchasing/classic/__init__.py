"""Classical purchasing from plain arrays: one standard problem a module."""
