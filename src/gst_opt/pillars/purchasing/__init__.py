"""Group purchasing: what is bought from whom, when it is called off, where it goes."""
