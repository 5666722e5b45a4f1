"""What neighbours speak: HL7 v2 messages and CSV files, mapped to records and back."""
