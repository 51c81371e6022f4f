upper(word)
