"""The book on paper: what a printed page needs."""
