"""What donors agree to, and what follows when they take it back."""
