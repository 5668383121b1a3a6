{# The columns together name one row (nulls are values like others), and the `never_null` columns always hold a value.
   Both in one scan, since every build runs this on every table. #}
{% test one_row_per(model, columns, never_null) %}
select {{ columns | join(', ') }}, count(*) as copies
from {{ model }}
group by {{ columns | join(', ') }}
having count(*) > 1 {%- for column in never_null %} or count({{ column }}) < count(*) {%- endfor %}
{% endtest %}
