{{ config(meta={'families': ['create_new_payment', 'create_signed_ticket']}) }}
-- What gateways pay, and what a remote signer pays in their place.
select
    event_key, event_id, day, event_ms, envelope_ms, gateway,
    {{ name_or_null(event_field('create_new_payment', 'named_request_id')) }} as named_request_id,
    {{ normal_url(event_field('create_new_payment', 'url')) }} as url,
    {{ normal_address(event_field('create_new_payment', 'recipient')) }} as recipient,
    {{ normal_address(event_field('create_new_payment', 'sender')) }} as sender,
    nullif({{ event_field('create_new_payment', 'manifest_id') }}, '') as manifest_id,
    nullif({{ event_field('create_new_payment', 'session_id') }}, '') as session_id,
    cast(null as varchar) as model,
    {{ event_field('create_new_payment', 'price') }} as price,
    {{ eth_amount(event_field('create_new_payment', 'face_value')) }} as face_value_eth,
    case when {{ to_quantity(event_field('create_new_payment', 'win_prob')) }} <= 1 then {{ to_quantity(event_field('create_new_payment', 'win_prob')) }} end as win_probability,
    {{ to_count(event_field('create_new_payment', 'num_tickets')) }} as tickets,
    cast(null as double) as computed_fee_eth
from {{ ref('arrived_events') }}
where is_kept and type = 'create_new_payment'
union all
select
    event_key, event_id, day, event_ms, envelope_ms, gateway, named_request_id,
    {{ normal_url('url') }},
    {{ normal_address('recipient') }},
    null,
    nullif(manifest_id, ''),
    nullif(session_id, ''),
    {{ name_or_null('model') }},
    null, null, null,
    {{ to_count('num_tickets') }},
    {{ to_count('computed_fee', fee_bound()) }} / 1e18
from (
    select
        event_key, event_id, day, event_ms, envelope_ms, gateway, request_id as named_request_id,
        {%- for name in ['url', 'recipient', 'manifest_id', 'session_id', 'num_tickets', 'computed_fee'] %}
        {{ event_field('create_signed_ticket', name) }} as {{ name }},
        {%- endfor %}
        -- `app` is the pipeline, a slash and the model.
        substr({{ event_field('create_signed_ticket', 'app') }}, nullif(strpos({{ event_field('create_signed_ticket', 'app') }}, '/'), 0) + 1) as model
    from {{ ref('arrived_events') }}
    where is_kept and type = 'create_signed_ticket'
) tickets
