"""Location: which site has how many units and beds in each year, and where each zone is served."""
