-- depends_on: {{ ref('changed_scrape_hours') }}
-- What targets say of their parts: how busy each GPU is, and what each runner charges (docs/kpis.md §6).
{{ config(meta={'replaces': {'columns': ['hour'], 'by': 'replaced_scrape_hours'}, 'families': ['orchestrator_scrape', 'network_capabilities']}) }}
{% set carried = ['hour', 'envelope_ms', 'orchestrator', 'url', 'kind'] %}
with heard as (
    select {{ carried | join(', ') }}, runners, gpus
    from {{ ref('scrape_observations') }}
    where not is_masked and is_reachable
),

gpus as (
    select
        {{ carried | join(', ') }},
        {{ name_or_null('gpu_id') }} as gpu_id,
        {{ name_or_null('gpu') }} as gpu,
        reading
    from (
        select
            {{ carried | join(', ') }},
            {{ json_text('value', '$.id') }} as gpu_id,
            {{ json_text('value', '$.name') }} as gpu,
            {{ to_quantity(json_text('value', '$.utilization_compute')) }} / 100 as reading
        from ({{ explode_json_array('heard', parse_json('gpus'), carried) }}) listed
    ) told
),

-- A runner has a URL of its own: its GPU is that of the orchestrator whose reports list it, if its id is one everywhere.
reports as (
    select gpu_id, address, envelope_ms
    from {{ ref('capability_hardware') }}
    where gpu_id in (select gpu_id from gpus where orchestrator is null and gpu_id like 'GPU-%')
      and envelope_ms >= (select from_ms from {{ ref('message_span') }})
      and envelope_ms <= (select to_ms from {{ ref('message_span') }})
),

gpu_periods as (
    {{ address_periods('reports', 'gpu_id') }}
),

owners as (
    select g.gpu_id, g.envelope_ms, min(p.address) as address
    from (select distinct gpu_id, envelope_ms from gpus where orchestrator is null and gpu_id like 'GPU-%') g
    join gpu_periods p on p.gpu_id = g.gpu_id and g.envelope_ms between p.from_ms and p.to_ms
    group by g.gpu_id, g.envelope_ms
    having count(distinct p.address) = 1
),

runners as (
    select
        {{ carried | join(', ') }},
        {{ name_or_null('pipeline') }} as pipeline,
        {{ name_or_null('model') }} as model,
        currency, unit, reading
    from (
        select
            {{ carried | join(', ') }},
            {{ json_text('value', '$.pipeline') }} as pipeline,
            {{ json_text('value', '$.model') }} as model,
            nullif({{ json_text('value', '$.price_currency') }}, '') as currency,
            nullif({{ json_text('value', '$.price_unit') }}, '') as unit,
            {{ to_quantity(json_text('value', '$.price')) }} as reading
        from ({{ explode_json_array("(select * from heard where kind = 'orchestrator') asked", parse_json('runners'), carried) }}) listed
    ) told
),

readings as (
    select
        g.hour, coalesce(g.orchestrator, o.address) as orchestrator, g.url, g.kind, 'gpu_utilization' as metric,
        cast(null as varchar) as pipeline, cast(null as varchar) as model, g.gpu_id, g.gpu,
        cast(null as varchar) as currency, cast(null as varchar) as unit, g.reading
    from gpus g
    left join owners o on g.orchestrator is null and o.gpu_id = g.gpu_id and o.envelope_ms = g.envelope_ms
    where g.reading <= 1
    union all
    select hour, orchestrator, url, kind, 'price', pipeline, model, null, null, currency, unit, reading
    from runners
    where reading is not null
)

{% set grain = 'orchestrator, url, kind, metric, pipeline, model, gpu_id, gpu, currency, unit' %}
select
    hour, cast(hour as date) as day, {{ grain }},
    cast(count(*) as bigint) as n,
    cast(sum(reading) as double) as total
from readings
group by hour, {{ grain }}
