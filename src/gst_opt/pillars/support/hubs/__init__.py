"""Which functions are pooled at which hub, of which size, and when facilities move there."""
