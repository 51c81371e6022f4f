select {{ 1 is evenn }}
