select {% if execute %}{{ kit.choose() }}{% endif %} as chosen
