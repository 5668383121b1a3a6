-- depends_on: {{ ref('arrived_events') }}
-- In which hours anybody reported: over hours supply is the mean of these (docs/kpis.md §3, Supply).
{{ config(meta={'replaces': {'columns': ['hour'], 'by': 'reported_hours'}, 'families': ['network_capabilities']}) }}
{% set hour %}{{ ms_to_timestamp(int_div('envelope_ms', 3600000) ~ ' * 3600000') }}{% endset %}
select
    {{ hour }} as hour,
    cast({{ hour }} as date) as day,
    cast(count(distinct event_key) as bigint) as reports,
    cast(count(address) as bigint) as entries,
    cast(count(*) filter (where is_contested) as bigint) as contested_entries
from {{ ref('capability_entries') }}
{% if is_incremental_build() %}where {{ hour }} in ({{ reported_hours() }}){% endif %}
group by {{ hour }}, cast({{ hour }} as date)
