-- depends_on: {{ ref('changed_requests') }}
-- depends_on: {{ ref('hours_before') }}
{{ config(meta={'replaces': {'columns': ['request_id'], 'by': 'replaced_requests'}}) }}
with statuses as (
    select
        m.stream_id, m.request_id, m.event_key, m.position, m.envelope_ms, m.event_ms, m.orchestrator, m.url, m.entry_key, m.state, m.fps,
        e.gateway, e.region, e.model
    from {{ ref('request_messages') }} m
    join {{ ref('request_edges') }} e on e.request_id = m.request_id and e.stream_id = m.stream_id
    where m.kind = 'status' and not m.is_late
      and m.fps is not null
      and coalesce(m.state, '') not in ('LOADING', 'OFFLINE', 'ERROR')
      and (e.closed_at_ms is null or m.envelope_ms <= e.closed_at_ms)
),

-- Before the first frame on an orchestrator, fps 0 means "no window yet".
with_output as (
    select *, min(case when fps > 0 then envelope_ms end) over (partition by request_id, stream_id, orchestrator) as first_output_ms
    from statuses
),

listed as (
    select distinct event_key || '#' || cast(idx as varchar) as entry_key, model
    from {{ ref('capability_models') }}
    where capability = '35' and event_key in (select event_key from {{ ref('url_periods') }})
)

select
    s.event_key, s.stream_id, s.request_id,
    {{ ms_to_timestamp('s.event_ms') }} as sampled_at,
    {{ ms_to_timestamp(int_div('s.event_ms', 3600000) ~ ' * 3600000') }} as hour,
    cast({{ ms_to_timestamp('s.event_ms') }} as date) as day,
    s.envelope_ms,
    s.gateway, s.region, s.orchestrator, s.model,
    coalesce(h.pipeline, case when l.entry_key is not null then 'live-video-to-video' end) as pipeline,
    h.gpu,
    h.gpu_id,
    s.fps,
    coalesce(s.state, '') <> 'DEGRADED_INPUT' as is_fed
from with_output s
left join {{ ref('hardware_periods') }} h
    on h.url = s.url and h.address = s.orchestrator and h.model = s.model
    and h.hour_no = {{ int_div('s.envelope_ms', 3600000) }}
    and s.envelope_ms between h.from_ms and h.to_ms
left join listed l on l.entry_key = s.entry_key and l.model = s.model
where s.fps > 0 or s.first_output_ms < s.envelope_ms
