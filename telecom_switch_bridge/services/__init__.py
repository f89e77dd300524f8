"""What the bridge does, one verb a file. Knows the world by `ports` only."""
