"""The world as it is: records of a grouping, with neither a solver nor a graph library."""
