"""What the inner loops of several schedulers do alike."""
