{# None of the columns is ever null: one scan instead of a not_null test for each. #}
{% test never_null(model, columns) %}
{{ broken_rules(model, columns, ' is not null') }}
{% endtest %}
