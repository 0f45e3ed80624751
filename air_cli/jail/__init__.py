"""The two jails: recipe, processes, and the clients of what runs in them."""
