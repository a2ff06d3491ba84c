"""The parts of the screen, one file per widget."""
