"""What the biobank keeps: rows, the questions asked of them, and the chain of custody; all its SQL."""
