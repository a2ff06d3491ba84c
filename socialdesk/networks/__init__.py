"""Networks room: one file per network behind one async protocol; each is imported when it is first used."""
