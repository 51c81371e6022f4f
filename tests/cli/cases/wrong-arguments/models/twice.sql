select {{ cents('a', column='b') }}
