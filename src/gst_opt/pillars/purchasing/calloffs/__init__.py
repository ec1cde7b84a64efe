"""Call-offs: what is ordered when, of what was awarded."""
