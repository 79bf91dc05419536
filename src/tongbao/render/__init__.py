"""Executed notebooks → HTML, PDF, DOCX: two engines behind one interface."""
