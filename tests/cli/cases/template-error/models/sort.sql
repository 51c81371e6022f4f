select {{ [1, 'a'] | sort }}
