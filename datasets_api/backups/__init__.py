"""Backups of the whole database in one file, made while the service runs and restored as a whole."""
