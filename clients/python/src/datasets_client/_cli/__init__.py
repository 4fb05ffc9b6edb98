"""The command line `dsets`."""
