"""What runs inside the code jail. Imports the base layer of air_cli and itself only."""
