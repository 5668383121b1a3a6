{{ config(materialized='table') }}
with entries as (
    select
        address as orchestrator,
        {{ json_text_set('url') }} as uris,
        min(envelope_ms) as first_ms,
        max(envelope_ms) as last_ms,
        max_by(version, envelope_ms) filter (where version is not null) as capability_version
    from {{ ref('capability_entries') }}
    where address is not null
    group by address
),

hardware as (
    select address as orchestrator, {{ json_text_set('gpu') }} as gpus
    from {{ ref('capability_hardware') }}
    group by address
),

listed as (
    select address as orchestrator, {{ json_text_set('model') }} as models
    from {{ ref('capability_models') }}
    group by address
),

seen as (
    select orchestrator, min({{ epoch_ms('requested_at') }}) as first_ms, max({{ epoch_ms('requested_at') }}) as last_ms
    from {{ ref('fct_requests') }}
    where orchestrator is not null and counts
    group by orchestrator
),

-- Kept by people: the address in any case, and whatever stands twice once.
told as (
    select
        {{ normal_address('address') }} as orchestrator,
        {{ name_or_null('trim(name)') }} as operator_name,
        {{ name_or_null('trim(contact)') }} as operator_contact,
        case when stake >= 0 then stake end as stake_lpt
    from {{ operators() }} o
),

operators as (
    select orchestrator, operator_name, operator_contact, stake_lpt
    from (select *, row_number() over (partition by orchestrator order by operator_name, operator_contact, stake_lpt) as place from told) numbered
    where place = 1
)

select
    coalesce(e.orchestrator, s.orchestrator) as orchestrator,
    e.orchestrator is not null as is_canonical,
    coalesce(e.uris, '[]') as uris,
    coalesce(h.gpus, '[]') as gpus,
    coalesce(l.models, '[]') as models,
    {{ ms_to_timestamp('least(coalesce(e.first_ms, s.first_ms), coalesce(s.first_ms, e.first_ms))') }} as first_seen_at,
    {{ ms_to_timestamp('greatest(coalesce(e.last_ms, s.last_ms), coalesce(s.last_ms, e.last_ms))') }} as last_seen_at,
    e.capability_version,
    o.operator_name,
    o.operator_contact,
    o.stake_lpt
from entries e
full outer join seen s on s.orchestrator = e.orchestrator
left join hardware h on h.orchestrator = e.orchestrator
left join listed l on l.orchestrator = e.orchestrator
left join operators o on o.orchestrator = coalesce(e.orchestrator, s.orchestrator)
