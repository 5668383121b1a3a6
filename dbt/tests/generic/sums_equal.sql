{# Sums of a table's columns, per hour or another column that both have, equal sums of expressions over another table:
   {column: expression}, or a list where both have the columns.
   Sums of doubles depend on their order, so they agree to a relative 1e-9. #}
{% test sums_equal(model, to, sums, of='true', to_rows='true', by='hour') %}
{%- set sums = sums if sums is mapping else dict(zip(sums, sums)) %}
with mine as (
    select {{ by }} {%- for column in sums %}, sum({{ column }}) as {{ column }} {%- endfor %}
    from {{ model }} where {{ of }} group by {{ by }}
),

theirs as (
    select {{ by }} {%- for column, expression in sums.items() %}, sum({{ expression }}) as {{ column }} {%- endfor %}
    from {{ to }} where {{ to_rows }} group by {{ by }}
)

select coalesce(mine.{{ by }}, theirs.{{ by }}) as {{ by }} {%- for column in sums %}, mine.{{ column }}, theirs.{{ column }} as {{ column }}_there {%- endfor %}
from mine full outer join theirs on theirs.{{ by }} = mine.{{ by }}
where
    {%- for column in sums %}
    {{ 'or ' if not loop.first }}abs(coalesce(mine.{{ column }}, 0) - coalesce(theirs.{{ column }}, 0)) > 1e-9 * abs(coalesce(mine.{{ column }}, 0))
    {%- endfor %}
{% endtest %}
