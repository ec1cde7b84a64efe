"""How staff comes and goes over the years: posts opened, trainings, moves, exits."""
