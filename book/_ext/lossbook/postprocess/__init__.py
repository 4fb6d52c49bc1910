"""What becomes of the written pages: repaired for everybody, and without what they do not need."""
