select {{ pick() }} as picked
