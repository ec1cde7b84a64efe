"""One folder a question: problem, model, plan, check."""
