select {{ 'a' | uper }}
