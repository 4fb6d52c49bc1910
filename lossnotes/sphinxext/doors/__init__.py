"""How a page is found and opened: buttons, notebooks, what search engines and the book's own search show."""
