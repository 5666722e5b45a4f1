"""How well the biobank keeps to what it says: checklists, what does not conform, audits by random sample."""
