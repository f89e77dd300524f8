"""The leg journal: Asterisk's CEL file, read from a stored position, once (charging.md 11, 19)."""
