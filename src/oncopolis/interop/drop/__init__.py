"""Files of hospitals that send no messages: rows become the statements that messages would make."""
