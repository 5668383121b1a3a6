-- depends_on: {{ ref('changed_hours') }}
-- One row per hour and dimensions: the sums of its five minutes.
{{ config(meta={'replaces': {'columns': ['hour'], 'by': 'replaced_hours'}}) }}
select
    {{ dimensions() }},
    {% for measure, type in kpi_measures().items() %}
    cast(sum({{ measure }}) as {{ type }}) as {{ measure }}{{ ',' if not loop.last }}
    {% endfor %}
from {{ ref('kpi_5min') }}
where {{ of_changed_hours('hour') }}
group by {{ dimensions() }}
