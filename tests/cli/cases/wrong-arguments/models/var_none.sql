select {{ var() }}
