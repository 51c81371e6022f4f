select {{ hashed('a') }}
