{{ config(meta={'families': ['network_capabilities']}) }}
-- One row per orchestrator entry of a capability report: (event, position in its array). A report without any has a row
-- of its own at place 0, so that it is known that somebody reported.
with reports as (
    select * from {{ ref('arrived_events') }} where is_kept and type = 'network_capabilities'
),

entries as (
    {{ explode_json_array(
        'reports',
        array_or_one('data'),
        ['event_key', 'event_id', 'day', 'envelope_ms', 'gateway']) }}
),

told as (
    select
        event_key, event_id, day, envelope_ms, gateway, idx, value,
        case
            when {{ json_text('value', '$.address') }} like '0x%' or {{ json_is_text('value', '$.address') }} then {{ json_text('value', '$.address') }}
        end as address,
        case when {{ json_is_text('value', '$.local_address') }} then {{ json_text('value', '$.local_address') }} end as wallet,
        {{ json_text('value', '$.orch_uri') }} as url
    from entries
),

-- A node that is not registered says nothing. An engine puts what a condition names in its place, as often as it is
-- named: so it is asked of what was told, since each reading of a JSON text takes memory of its own.
registered as (
    select
        event_key, event_id, day, envelope_ms, gateway, idx, value,
        {{ normal_address('address') }} as address,
        {{ normal_address('wallet') }} as wallet,
        {{ normal_url('url') }} as url
    from told
    where length(address) between 1 and 512
)

select
    event_key, event_id, day, envelope_ms, gateway,
    cast(idx as bigint) as idx,
    address, wallet, url,
    coalesce(
        min(address) over (partition by event_key, url) <> max(address) over (partition by event_key, url) and url is not null, false
    ) as is_contested,
    {{ json_text('value', '$.capabilities.version') }} as version,
    {{ json_to_text(json_part('value', '$.capabilities.constraints.PerCapability')) }} as per_capability,
    {{ json_to_text(json_part('value', '$.hardware')) }} as hardware,
    {{ json_to_text(json_part('value', '$.capabilities_prices')) }} as prices
from registered
union all
select event_key, event_id, day, envelope_ms, gateway, 0, null, null, null, false, null, null, null, null
from reports
where event_key not in (select event_key from registered)
