select {{ cents() }}
