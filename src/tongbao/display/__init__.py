"""What a notebook shows: objects that offer each output format its best form and know nothing of files."""
