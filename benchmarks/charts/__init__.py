"""How well chart images are read into data: on real charts and on generated ones."""
