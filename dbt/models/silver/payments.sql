select
    event_key, event_id, day, event_ms, envelope_ms, gateway,
    {{ name_or_null(event_field('create_new_payment', 'named_request_id')) }} as named_request_id,
    {{ normal_url(event_field('create_new_payment', 'url')) }} as url,
    {{ normal_address(event_field('create_new_payment', 'recipient')) }} as recipient,
    {{ normal_address(event_field('create_new_payment', 'sender')) }} as sender,
    nullif({{ event_field('create_new_payment', 'manifest_id') }}, '') as manifest_id,
    nullif({{ event_field('create_new_payment', 'session_id') }}, '') as session_id,
    {{ event_field('create_new_payment', 'price') }} as price,
    {{ eth_amount(event_field('create_new_payment', 'face_value')) }} as face_value_eth,
    {{ to_number(event_field('create_new_payment', 'win_prob')) }} as win_probability,
    {{ to_number(event_field('create_new_payment', 'num_tickets')) }} as tickets
from {{ ref('arrived_events') }}
where is_kept and type = 'create_new_payment'
