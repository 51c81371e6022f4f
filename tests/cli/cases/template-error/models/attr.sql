select {{ modules.nothing.x }}
