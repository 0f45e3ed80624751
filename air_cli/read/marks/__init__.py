"""One module a kind of mark: Scene -> MarkReading or None."""
