"""The shapes of the policy files, as pydantic models; only load.py imports them."""
