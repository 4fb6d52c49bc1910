"""What is run by hand or by make, and is part of neither the site nor the package."""
