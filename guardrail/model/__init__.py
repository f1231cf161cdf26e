"""Plain data shared by every room. Standard library only."""
