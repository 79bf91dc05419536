"""Raw files → tables of cells: names of units normalised, numbers read exactly, blanks kept blank."""
