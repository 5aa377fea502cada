"""What pages are written from: tables as managers may see them, what they lack, words and numbers of a language."""
