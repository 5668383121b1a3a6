{# No row breaks one of the expressions; an expression that is null says nothing. #}
{% test expressions_are_true(model, expressions) %}
{{ broken_rules(model, expressions, '') }}
{% endtest %}
