"""What generated code sees."""
