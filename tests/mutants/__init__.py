"""Protections switched off one at a time: each must be noticed by a test. See tests.mutants.catalogue."""
