"""How a page is opened elsewhere: its repository, its buttons, and the copies of the lessons for Colab."""
