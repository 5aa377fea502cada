"""Files that somebody might hand in to do harm, each made by code, and what is to become of each, judged by hand."""
