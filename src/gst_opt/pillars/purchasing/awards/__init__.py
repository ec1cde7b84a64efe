"""Awards: which supplier sells how much of what for a year, in lots, under discounts and the rules of tenders."""
