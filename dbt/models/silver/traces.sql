{{ config(meta={'families': ['stream_trace']}) }}
select
    event_key, event_id, day, event_ms, envelope_ms, gateway, stream_id, request_id, subtype,
    case when address_is_text then {{ normal_address(event_field('stream_trace', 'address')) }} end as address,
    {{ normal_url(event_field('stream_trace', 'url')) }} as url,
    {{ name_or_null(event_field('stream_trace', 'model')) }} as model,
    {{ event_field('stream_trace', 'message') }} as message
from {{ ref('arrived_events') }}
where is_kept and type = 'stream_trace'
