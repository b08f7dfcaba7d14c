"""The example in the three forms in which it can be written; the demo runs the first and shows all."""
