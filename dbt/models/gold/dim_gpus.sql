{{ config(materialized='table', meta={'families': ['network_capabilities']}) }}
{% set too_few_hours, churning_hours = 6, 3 %}
with reported as (
    select
        address as orchestrator, gpu_id, url, model, gpu, envelope_ms, event_key,
        {{ int_div('envelope_ms', 3600000) }} as hour_no
    from {{ ref('capability_hardware') }}
    where gpu_id is not null and not is_contested
),

-- A place is what an orchestrator runs of one model behind one URL.
places as (
    select
        orchestrator, url, model,
        case when count(distinct hour_no) >= {{ too_few_hours }}
            then count(distinct cast(hour_no as varchar) || '@' || gpu_id) >= {{ churning_hours }} * count(distinct gpu_id)
        end as is_stable
    from reported
    group by orchestrator, url, model
)

select
    r.orchestrator, r.gpu_id,
    case when min(r.gpu) = max(r.gpu) then min(r.gpu) end as gpu,
    {{ ms_to_timestamp('min(r.envelope_ms)') }} as first_seen_at,
    {{ ms_to_timestamp('max(r.envelope_ms)') }} as last_seen_at,
    cast(count(distinct r.event_key) as bigint) as reports,
    bool_or(p.is_stable) as stable
from reported r
join places p
    on p.orchestrator = r.orchestrator
    and coalesce(p.url, '') = coalesce(r.url, '') and coalesce(p.model, '') = coalesce(r.model, '')
group by r.orchestrator, r.gpu_id
