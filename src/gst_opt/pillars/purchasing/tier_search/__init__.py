"""Suppliers whose prices depend on all that they sell: prices that give a bound, and a tree over their tiers."""
