{{ config(meta={'families': ['discovery_results']}) }}
-- One row per orchestrator that a discovery round answered with.
with entries as (
    {{ explode_json_array(
        "(select * from " ~ ref('arrived_events') ~ " where is_kept and type = 'discovery_results') rounds",
        array_or_one('data'),
        ['event_key', 'event_id', 'day', 'envelope_ms', 'gateway']) }}
),

told as (
    select
        event_key, event_id, day, envelope_ms, gateway, idx,
        case
            when {{ json_text('value', '$.address') }} like '0x%' or {{ json_is_text('value', '$.address') }} then {{ json_text('value', '$.address') }}
        end as wallet,
        {{ json_text('value', '$.url') }} as url,
        {{ json_text('value', '$.latency_ms') }} as latency_ms
    from entries
)

select
    event_key, event_id, day, envelope_ms, gateway,
    cast(idx as bigint) as idx,
    {{ normal_address('wallet') }} as wallet,
    {{ normal_url('url') }} as url,
    {{ to_number('latency_ms') }} as latency_ms
from told
-- An entry without an address says nothing.
where {{ name_or_null('wallet') }} is not null
