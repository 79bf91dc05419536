"""The site around the bulletins: index, series and unit pages, data of all periods, feed, search."""
