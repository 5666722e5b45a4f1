"""The averaged reading: from a population to equipment, rooms, staff and money."""
