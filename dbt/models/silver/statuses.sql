{{ config(meta={'families': ['ai_stream_status']}) }}
select
    event_key, event_id, day, event_ms, envelope_ms, gateway, stream_id, request_id, subtype,
    case when address_is_text then {{ normal_address(event_field('ai_stream_status', 'address')) }} end as address,
    {{ normal_url(event_field('ai_stream_status', 'url')) }} as url,
    {{ name_or_null(event_field('ai_stream_status', 'model')) }} as model,
    {{ event_field('ai_stream_status', 'state') }} as state,
    try_cast({{ event_field('ai_stream_status', 'fps') }} as double) as fps,
    {{ to_number(event_field('ai_stream_status', 'input_fps')) }} as input_fps,
    {{ to_ms(event_field('ai_stream_status', 'start_time')) }} as start_ms,
    {{ to_ms(event_field('ai_stream_status', 'state_update_time')) }} as state_update_ms,
    {{ to_ms(event_field('ai_stream_status', 'sent_time')) }} as sent_ms,
    {{ to_ms(event_field('ai_stream_status', 'last_output_time')) }} as last_output_ms,
    {{ to_ms(event_field('ai_stream_status', 'last_input_time')) }} as last_input_ms,
    nullif({{ event_field('ai_stream_status', 'last_error') }}, '') as last_error,
    {{ to_ms(event_field('ai_stream_status', 'last_error_time')) }} as last_error_ms,
    cast({{ to_count(event_field('ai_stream_status', 'restart_count')) }} as bigint) as restart_count,
    {{ to_ms(event_field('ai_stream_status', 'last_restart_time')) }} as last_restart_ms
from {{ ref('arrived_events') }}
where is_kept and type = 'ai_stream_status'
