-- One row per orchestrator that a discovery round answered with.
with entries as (
    {{ explode_json_array(
        "(select * from " ~ ref('arrived_events') ~ " where is_kept and type = 'discovery_results') rounds",
        array_or_one('data'),
        ['event_key', 'event_id', 'day', 'envelope_ms', 'gateway']) }}
)

select
    event_key, event_id, day, envelope_ms, gateway,
    cast(idx as bigint) as idx,
    lower({{ json_text('value', '$.address') }}) as wallet,
    {{ normal_url(json_text('value', '$.url')) }} as url,
    {{ to_number(json_text('value', '$.latency_ms')) }} as latency_ms
from entries
