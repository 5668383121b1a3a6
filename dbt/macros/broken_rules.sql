{# Each rule that rows break, with how many do: all of them in one scan. A rule that is null says nothing of its row. #}
{% macro broken_rules(model, rules, ending) %}
with counted as (
    select
        {%- for rule in rules %}
        count(*) filter (where not ({{ rule }}{{ ending }})) as rule_{{ loop.index }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ model }}
)

{% for rule in rules %}
select '{{ (rule ~ ending) | replace("'", "''") }}' as rule, rule_{{ loop.index }} as broken_rows
from counted where rule_{{ loop.index }} > 0
{{ 'union all' if not loop.last }}
{% endfor %}
{% endmacro %}
