-- One row per request: its edges, its identity, model and gateway, from the messages that are not late.
-- `*_ms` of edges are event times (the smallest of repeats), `*_at_ms` are envelope times, which alone decide orders.
with used as (
    select * from {{ ref('request_messages') }} where stream_id is not null and not is_late
),

edges as (
    select
        stream_id, request_id,
        count(*) as messages,
        min(envelope_ms) as first_at_ms,
        max(envelope_ms) as last_at_ms,
        {% for name, subtype in {
            'requested': 'gateway_receive_stream_request', 'first_segment': 'gateway_receive_first_processed_segment',
            'few_segments': 'gateway_receive_few_processed_segments', 'first_data': 'gateway_receive_first_data_segment', 'closed': 'gateway_ingest_stream_closed'}.items() %}
        min(event_ms) filter (where kind = 'trace' and subtype = '{{ subtype }}') as {{ name }}_ms,
        min(envelope_ms) filter (where kind = 'trace' and subtype = '{{ subtype }}') as {{ name }}_at_ms,
        {% endfor %}
        max(envelope_ms) filter (
            where kind = 'trace' and subtype in ('gateway_receive_first_processed_segment', 'gateway_receive_first_data_segment')
        ) as last_first_output_at_ms,
        max(envelope_ms) filter (where
            (kind = 'trace' and subtype = 'gateway_no_orchestrators_available')
            or (kind = 'event' and subtype = 'error' and {{ says_no_orchestrator('message') }})
        ) as no_orchestrator_at_ms,
        count(*) filter (where kind = 'event' and subtype = 'error') as error_events,
        count(*) filter (where kind = 'event' and subtype = 'error' and {{ is_excused('message') }}) as excused_errors,
        count(*) filter (where kind = 'status') as statuses,
        min_by(gateway, position) filter (where gateway is not null) as gateway,
        min_by(model, position) filter (where model is not null and kind in ('trace', 'status', 'event')) as model,
        min(position) filter (where orchestrator is not null) as orchestrator_position,
        bool_or(identity = 'contested') as is_contested,
        min(orchestrator) filter (where identity = 'canonical') <> max(orchestrator) filter (where identity = 'canonical') as changed_orchestrator
    from used
    group by stream_id, request_id
),

late as (
    select stream_id, request_id, count(*) as late_messages
    from {{ ref('request_messages') }} where stream_id is not null and is_late
    group by stream_id, request_id
),

owned as (
    select
        e.*,
        m.orchestrator, coalesce(m.identity, case when e.is_contested then 'contested' end) as identity, m.url as orch_uri, m.entry_key, m.envelope_ms as resolved_at_ms
    from edges e
    left join used m
        on m.request_id = e.request_id and m.stream_id = e.stream_id and m.position = e.orchestrator_position
),

-- E2E takes both edges with the request's own URL; which swap events are swaps the close and what follows it tell.
judged as (
    select
        m.stream_id, m.request_id,
        min(m.event_ms) filter (where m.subtype = 'gateway_receive_first_processed_segment' and m.url = o.orch_uri) as own_first_segment_ms,
        min(m.event_ms) filter (where m.subtype = 'gateway_send_first_ingest_segment' and m.url = o.orch_uri) as own_first_ingest_ms,
        count(*) filter (where m.subtype = 'orchestrator_swap' and {{ is_swap('m', 'o') }}) as swap_events,
        max(m.envelope_ms) filter (where m.subtype = 'orchestrator_swap' and {{ is_swap('m', 'o') }}) as last_swap_at_ms
    from used m
    join owned o on o.request_id = m.request_id and o.stream_id = m.stream_id
    where m.kind = 'trace'
      and m.subtype in ('gateway_receive_first_processed_segment', 'gateway_send_first_ingest_segment', 'orchestrator_swap')
    group by m.stream_id, m.request_id
),

listed as (
    select event_key || '#' || cast(idx as varchar) as entry_key, model, bool_or(is_warm) as is_warm, bool_or(capability = '35') as is_live_video
    from {{ ref('capability_models') }}
    where event_key in (select event_key from {{ ref('url_periods') }})
    group by event_key, idx, model
)

select
    o.stream_id, o.request_id, o.messages, coalesce(l.late_messages, 0) as late_messages, o.first_at_ms, o.last_at_ms,
    o.requested_ms, o.requested_at_ms, o.first_segment_ms, o.first_segment_at_ms, o.first_data_ms, o.last_first_output_at_ms, o.few_segments_ms,
    o.closed_ms, o.closed_at_ms, j.own_first_segment_ms, j.own_first_ingest_ms,
    coalesce(j.swap_events, 0) as swap_events, j.last_swap_at_ms, o.no_orchestrator_at_ms, o.error_events, o.excused_errors, o.statuses,
    coalesce(o.gateway, '') as gateway,
    r.region,
    o.model,
    o.orchestrator, o.identity, o.orch_uri,
    coalesce(o.changed_orchestrator, false) as changed_orchestrator,
    w.is_warm as warm,
    h.gpu,
    h.gpu_id,
    coalesce(h.pipeline, case when w.is_live_video then 'live-video-to-video' end) as pipeline
from owned o
left join late l on l.request_id = o.request_id and l.stream_id = o.stream_id
left join judged j on j.request_id = o.request_id and j.stream_id = o.stream_id
left join {{ ref('regions') }} r on r.suffix = {{ gateway_suffix('o.gateway') }}
left join listed w on w.entry_key = o.entry_key and w.model = o.model
left join {{ ref('hardware_periods') }} h
    on h.url = o.orch_uri and h.address = o.orchestrator and h.model = o.model
    and h.hour_no = {{ int_div('o.resolved_at_ms', 3600000) }}
    and o.resolved_at_ms between h.from_ms and h.to_ms
