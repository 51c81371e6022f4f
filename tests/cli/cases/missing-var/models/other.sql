select {{ var('nothing_like_it') }}
