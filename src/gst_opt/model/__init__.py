"""What a problem, a plan and a formulation are."""
