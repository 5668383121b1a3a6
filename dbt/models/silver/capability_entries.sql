-- One row per orchestrator entry of a capability report: (event, position in its array).
select
    a.event_key, a.event_id, a.day, a.envelope_ms, a.gateway,
    cast(e.idx as bigint) as idx,
    lower({{ json_text('e.entry', '$.address') }}) as address,
    case when {{ json_is_text('e.entry', '$.local_address') }} then lower(nullif({{ json_text('e.entry', '$.local_address') }}, '')) end as wallet,
    {{ normal_url(json_text('e.entry', '$.orch_uri')) }} as url,
    {{ json_text('e.entry', '$.capabilities.version') }} as version,
    {{ json_to_text(json_part('e.entry', '$.capabilities.constraints.PerCapability')) }} as per_capability,
    {{ json_to_text(json_part('e.entry', '$.hardware')) }} as hardware,
    {{ json_to_text(json_part('e.entry', '$.capabilities_prices')) }} as prices
from {{ ref('arrived_events') }} a
cross join {{ unnest_json_array(array_or_one('a.data'), 'e', 'entry', 'idx') }}
where a.is_kept and a.type = 'network_capabilities'
