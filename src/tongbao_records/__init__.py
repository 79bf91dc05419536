"""Case records (the A3 level): a record for each inspection, read from any source and counted into county figures."""
