-- The messages of this build's requests, each with its stream_id: its own, else that of the one request that it can be of.
with messages as (
    select
        'trace' as kind, event_key, event_id, event_ms, envelope_ms, gateway, stream_id, request_id, subtype, address, url,
        case when subtype = 'orchestrator_swap' then model end as model, message,
        cast(null as varchar) as state, cast(null as double) as fps, cast(null as bigint) as start_ms,
        cast(null as bigint) as state_update_ms, cast(null as bigint) as sent_ms, cast(null as bigint) as last_output_ms,
        cast(null as bigint) as last_restart_ms
    from {{ ref('traces') }} where {{ of_changed_requests('request_id') }}
    union all
    select
        'status', event_key, event_id, event_ms, envelope_ms, gateway, stream_id, request_id, subtype, address, url,
        model, null, state, fps, start_ms, state_update_ms, sent_ms, last_output_ms, last_restart_ms
    from {{ ref('statuses') }} where {{ of_changed_requests('request_id') }}
    union all
    select
        'event', event_key, event_id, event_ms, envelope_ms, gateway, stream_id, request_id, subtype, address, url,
        model, message, null, null, null, null, null, null, null
    from {{ ref('stream_events') }} where {{ of_changed_requests('request_id') }}
    union all
    select
        'ingest', event_key, event_id, event_ms, envelope_ms, gateway, stream_id, request_id, null, null, null,
        null, null, null, null, null, null, null, null, null
    from {{ ref('ingest_metrics') }} where {{ of_changed_requests('request_id') }}
),

named as ({{ named_requests('messages') }}),

guessed as ({{ only_request('(select * from messages where stream_id is null)', 'request_id', 'named') }})

select
    m.kind, m.event_key, m.event_id, m.event_ms, m.envelope_ms, m.gateway, coalesce(m.stream_id, g.stream_id) as stream_id,
    m.request_id, m.subtype, m.address, m.url, m.model, m.message, m.state, m.fps, m.start_ms, m.state_update_ms,
    m.sent_ms, m.last_output_ms, m.last_restart_ms
from messages m
left join guessed g on m.stream_id is null and g.event_key = m.event_key
