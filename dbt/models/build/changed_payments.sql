-- depends_on: {{ ref('payments') }}
-- depends_on: {{ ref('changed_requests') }}
-- Payments to look up anew: those that arrived, those of the requests of this build, those of reported URLs.
{% if is_incremental_build() %}
with entries as (
    {{ explode_json_array(
        "(select * from " ~ ref('arrived_events') ~ " where type = 'network_capabilities') reports",
        array_or_one('data'), ['envelope_ms']) }}
),

told as (
    select envelope_ms, {{ json_text('value', '$.orch_uri') }} as url
    from entries
),

reports as (
    select
        {{ normal_url('url') }} as url,
        min(envelope_ms) - {{ var('capability_ahead_ms') }} as from_ms,
        max(envelope_ms) + {{ var('capability_back_ms') }} as to_ms
    from told
    group by 1
)

select event_key from {{ ref('arrived_events') }} where type in ('create_new_payment', 'create_signed_ticket')
union
select event_key from {{ ref('payments') }} where named_request_id in (select request_id from {{ ref('changed_requests') }})
union
select p.event_key
from {{ ref('payments') }} p
join reports r on r.url = p.url and p.envelope_ms between r.from_ms and r.to_ms
{% else %}
select event_key from {{ ref('arrived_events') }} where false
{% endif %}
