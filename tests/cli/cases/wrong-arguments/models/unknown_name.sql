select {{ cents('a', digit=1) }}
