"""Set-up and command line of the telecom BSS. Standard library only: it runs before anything is installed."""
