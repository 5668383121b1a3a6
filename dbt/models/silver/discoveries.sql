-- One row per orchestrator that a discovery round answered with.
select
    a.event_key, a.event_id, a.day, a.envelope_ms, a.gateway,
    cast(e.idx as bigint) as idx,
    lower({{ json_text('e.entry', '$.address') }}) as wallet,
    {{ normal_url(json_text('e.entry', '$.url')) }} as url,
    {{ to_number(json_text('e.entry', '$.latency_ms')) }} as latency_ms
from {{ ref('arrived_events') }} a
cross join {{ unnest_json_array(array_or_one('a.data'), 'e', 'entry', 'idx') }}
where a.is_kept and a.type = 'discovery_results'
