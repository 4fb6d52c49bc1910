"""What becomes of the written pages: mended for everybody, and without what they do not need."""
