-- depends_on: {{ ref('changed_requests') }}
-- depends_on: {{ ref('hours_before') }}
-- Swaps of the requests that count: whom each left, and to whom it went.
{{ config(meta={'replaces': {'columns': ['request_id'], 'by': 'replaced_requests'}}) }}
with swaps as (
    select
        m.event_key, m.stream_id, m.request_id, m.position, m.event_ms, m.envelope_ms, m.orchestrator,
        max(m.position) over (partition by m.request_id, m.stream_id) as last_position
    from {{ ref('request_messages') }} m
    join {{ ref('request_edges') }} e on e.request_id = m.request_id and e.stream_id = m.stream_id
    where m.kind = 'trace' and m.subtype = 'orchestrator_swap' and not m.is_late and {{ is_swap('m', 'e') }}
),

followed as (
    select s.event_key, min_by(m.orchestrator, m.position) as orchestrator
    from swaps s
    join {{ ref('request_messages') }} m on m.request_id = s.request_id and m.stream_id = s.stream_id
    where m.orchestrator is not null and not m.is_late and m.envelope_ms > s.envelope_ms
    group by s.event_key
)

select
    s.event_key, s.stream_id, s.request_id,
    {{ ms_to_timestamp('s.event_ms') }} as swapped_at,
    r.requested_at, r.hour, r.day, r.gateway, r.region,
    s.orchestrator as from_orchestrator,
    f.orchestrator as to_orchestrator,
    r.model, r.pipeline, r.gpu,
    r.failed_swap and s.position = s.last_position as failed
from swaps s
join {{ ref('fct_requests') }} r on r.request_id = s.request_id and r.stream_id = s.stream_id
left join followed f on f.event_key = s.event_key
where r.counts
