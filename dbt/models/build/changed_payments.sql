-- depends_on: {{ ref('payments') }}
-- depends_on: {{ ref('changed_requests') }}
-- Payments to look up anew: those that arrived, those of the requests of this build, those of reported URLs.
{% if is_incremental_build() %}
with reports as (
    select
        {{ normal_url(json_text('e.entry', '$.orch_uri')) }} as url,
        min(a.envelope_ms) - {{ var('capability_ahead_ms') }} as from_ms,
        max(a.envelope_ms) + {{ var('capability_back_ms') }} as to_ms
    from {{ ref('arrived_events') }} a
    cross join {{ unnest_json_array(array_or_one('a.data'), 'e', 'entry', 'idx') }}
    where a.type = 'network_capabilities'
    group by 1
)

select event_key from {{ ref('arrived_events') }} where type = 'create_new_payment'
union
select event_key from {{ ref('payments') }} where named_request_id in (select request_id from {{ ref('changed_requests') }})
union
select p.event_key
from {{ ref('payments') }} p
join reports r on r.url = p.url and p.envelope_ms between r.from_ms and r.to_ms
{% else %}
select event_key from {{ ref('arrived_events') }} where false
{% endif %}
