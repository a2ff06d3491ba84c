"""The screens: the desk itself and what opens over it."""
