{{ config(meta={'families': ['ai_stream_events']}) }}
select
    event_key, event_id, day, event_ms, envelope_ms, gateway, stream_id, request_id, subtype,
    case when address_is_text then {{ normal_address(event_field('ai_stream_events', 'address')) }} end as address,
    {{ normal_url(event_field('ai_stream_events', 'url')) }} as url,
    {{ name_or_null(event_field('ai_stream_events', 'model')) }} as model,
    {{ event_field('ai_stream_events', 'message') }} as message
from {{ ref('arrived_events') }}
where is_kept and type = 'ai_stream_events'
