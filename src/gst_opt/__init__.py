"""Plans for groupings of public health facilities, with a proof."""
