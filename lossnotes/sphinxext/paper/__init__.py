"""The book on paper: what a printed page needs, and one PDF of all."""
