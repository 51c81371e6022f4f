select range as n from range(least(most, 3))
