"""Documents made from a seed, by several producers, with the truth about their charts."""
