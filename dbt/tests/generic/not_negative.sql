{# No value of the columns is under zero; null is no value. #}
{% test not_negative(model, columns) %}
{{ broken_rules(model, columns, ' >= 0') }}
{% endtest %}
