"""Distribution: how what was called off reaches every facility, directly or through depots, and what each pays."""
