"""One bulletin: raw figures to words; what it leaves on record."""
