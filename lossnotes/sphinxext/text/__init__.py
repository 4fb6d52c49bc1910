"""What a page says: formulas, terms, citations, claims, places to link to."""
