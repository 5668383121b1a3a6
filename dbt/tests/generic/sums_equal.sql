{# Sums of a table's columns, per hour, equal sums of expressions over another table: {column: expression}.
   Sums of doubles depend on their order, so they agree to a relative 1e-9. #}
{% test sums_equal(model, to, sums, of='true', to_rows='true') %}
with mine as (
    select hour {%- for column in sums %}, sum({{ column }}) as {{ column }} {%- endfor %}
    from {{ model }} where {{ of }} group by hour
),

theirs as (
    select hour {%- for column, expression in sums.items() %}, sum({{ expression }}) as {{ column }} {%- endfor %}
    from {{ to }} where {{ to_rows }} group by hour
)

select coalesce(mine.hour, theirs.hour) as hour {%- for column in sums %}, mine.{{ column }}, theirs.{{ column }} as {{ column }}_there {%- endfor %}
from mine full outer join theirs on theirs.hour = mine.hour
where
    {%- for column in sums %}
    {{ 'or ' if not loop.first }}abs(coalesce(mine.{{ column }}, 0) - coalesce(theirs.{{ column }}, 0)) > 1e-9 * abs(coalesce(mine.{{ column }}, 0))
    {%- endfor %}
{% endtest %}
