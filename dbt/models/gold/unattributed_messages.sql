-- depends_on: {{ ref('changed_requests') }}
-- Messages without a stream_id whose request can't be told: kept, counted, used for nothing.
{{ config(meta={'replaces': {'columns': ['request_id'], 'by': 'replaced_requests'}}) }}
select
    event_key, request_id, kind, subtype, coalesce(gateway, '') as gateway,
    {{ ms_to_timestamp('envelope_ms') }} as sent_at,
    cast({{ ms_to_timestamp('envelope_ms') }} as date) as day
from {{ ref('request_messages') }}
where stream_id is null
