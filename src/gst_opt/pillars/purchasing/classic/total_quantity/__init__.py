"""Total quantity discount: several items from suppliers whose rebates depend on all that is bought from them."""
