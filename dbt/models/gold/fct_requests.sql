-- depends_on: {{ ref('changed_requests') }}
-- depends_on: {{ ref('hours_before') }}
{{ config(meta={'replaces': {'columns': ['request_id'], 'by': 'replaced_requests'}}) }}
with edges as (
    select * from {{ ref('request_edges') }}
),

watermark as (
    select max(watermark_ms) as watermark_ms from (
        select least(envelope_ms, ingested_ms) as watermark_ms from {{ ref('arrived_events') }} where is_arrived
        {% if is_incremental_build() %}
        union all
        select {{ epoch_ms('watermark') }} from {{ previous('build_state') }}
        {% endif %}
    ) seen
),

samples as (
    select
        s.stream_id, s.request_id,
        count(*) as fps_samples,
        avg(s.fps) as fps_mean,
        max(case when s.fps > 0 then s.envelope_ms end) as last_output_at_ms,
        count(*) filter (where s.orchestrator = e.orchestrator and s.is_fed) as own_samples,
        avg(s.fps) filter (where s.orchestrator = e.orchestrator and s.is_fed) as own_mean,
        stddev_pop(s.fps) filter (where s.orchestrator = e.orchestrator and s.is_fed) as own_deviation
    from {{ ref('output_samples') }} s
    join edges e on e.request_id = s.request_id and e.stream_id = s.stream_id
    where {{ of_changed_requests('s.request_id') }}
    group by s.stream_id, s.request_id
),

spoken as (
    select
        m.*, e.first_segment_at_ms, s.last_output_at_ms,
        coalesce(m.envelope_ms <= e.closed_at_ms, true) as is_open,
        -- Here the user sends nothing, so the runner can't be blamed.
        coalesce(m.state, '') not in ('DEGRADED_INPUT', 'OFFLINE') as is_fed
    from {{ ref('request_messages') }} m
    join edges e on e.request_id = m.request_id and e.stream_id = m.stream_id
    left join samples s on s.request_id = m.request_id and s.stream_id = m.stream_id
    where not m.is_late and m.kind in ('status', 'event')
),

health as (
    {% set silent = "kind = 'status' and is_open and (coalesce(state, '') in ('LOADING', 'ERROR') or (fps = 0 and is_fed))" %}
    select
        stream_id, request_id,
        count(*) filter (where kind = 'status' and is_open) as open_statuses,
        count(*) filter (where kind = 'status' and is_open and is_fed) as open_fed_statuses,
        count(*) filter (where kind = 'status' and is_open and fps > 0) as open_statuses_with_output,
        max(envelope_ms) filter (where kind = 'status' and is_fed) as last_fed_status_at_ms,
        count(*) filter (where {{ silent }}) as silent_statuses,
        count(*) filter (where {{ silent }} and envelope_ms > last_output_at_ms) as silent_after_output,
        max(envelope_ms) filter (where {{ silent }}) as last_silent_at_ms,
        max_by(event_ms, position) filter (where kind = 'status') as last_status_ms,
        count(distinct last_restart_ms) filter (where kind = 'status' and last_restart_ms >= start_ms) as restarts,
        max(envelope_ms) filter (where
            kind = 'event' and subtype = 'error' and is_open and not {{ is_excused('message') }} and not {{ is_harmless('message') }}
        ) as last_error_at_ms,
        min(position) filter (where kind = 'status' and envelope_ms >= first_segment_at_ms) as first_shown_position,
        min(position) filter (where
            kind = 'status' and envelope_ms >= first_segment_at_ms
            and state in ('ONLINE', 'DEGRADED_INFERENCE') and last_output_ms >= start_ms
        ) as first_inference_position
    from spoken
    group by stream_id, request_id
),

facts as (
    select
        e.*,
        e.requested_ms is not null as counts,
        coalesce(s.fps_samples, 0) as fps_samples,
        s.fps_mean, s.last_output_at_ms,
        case when s.own_samples >= 3 and s.own_mean > 0 then s.own_deviation / s.own_mean end as jitter,
        coalesce(h.open_statuses, 0) as open_statuses,
        coalesce(h.open_fed_statuses, 0) as open_fed_statuses,
        coalesce(h.open_statuses_with_output, 0) as open_statuses_with_output,
        coalesce(h.silent_statuses, 0) as silent_statuses,
        coalesce(h.silent_after_output, 0) as silent_after_output,
        coalesce(h.restarts, 0) as restarts,
        h.last_fed_status_at_ms, h.last_silent_at_ms, h.last_status_ms, h.last_error_at_ms,
        -- Overlay: the runner showed a loading screen, so the first segments were no inference.
        coalesce(shown.state = 'LOADING', false) or coalesce(shown.last_output_ms < shown.start_ms, false) as overlay,
        inference.envelope_ms - (inference.sent_ms - inference.state_update_ms) as inference_online_ms,
        e.few_segments_ms is not null or e.first_data_ms is not null or coalesce(s.fps_samples, 0) > 0 as started
    from edges e
    left join samples s on s.request_id = e.request_id and s.stream_id = e.stream_id
    left join health h on h.request_id = e.request_id and h.stream_id = e.stream_id
    left join spoken shown
        on shown.request_id = h.request_id and shown.stream_id = h.stream_id and shown.position = h.first_shown_position
    left join spoken inference
        on inference.request_id = h.request_id and inference.stream_id = h.stream_id and inference.position = h.first_inference_position
),

-- Outcomes in the order of docs/kpis.md §2; the first that holds is the outcome.
graded as (
    select
        f.*,
        case
            when closed_at_ms is null and w.watermark_ms - last_at_ms < {{ var('running_ms') }} then 'running'
            when not started and first_segment_ms is null and swap_events = 0 and no_orchestrator_at_ms is not null then 'unserved'
            when swap_events > 0
                and not coalesce(last_first_output_at_ms > last_swap_at_ms, false)
                and not coalesce(last_output_at_ms > last_swap_at_ms, false)
                and (coalesce(no_orchestrator_at_ms >= last_swap_at_ms, false)
                    or closed_at_ms is null
                    or closed_at_ms - last_swap_at_ms > {{ var('late_close_ms') }}) then 'swap_failed'
            when silent_statuses >= 3 and open_statuses_with_output = 0
                and last_silent_at_ms - requested_at_ms >= {{ var('no_output_ms') }} then 'no_output'
            when silent_after_output >= 3
                and last_silent_at_ms - last_output_at_ms >= {{ var('no_output_ms') }} then 'output_lost'
            when not started and excused_errors = 0
                and (last_error_at_ms is not null
                    or coalesce(last_fed_status_at_ms - requested_at_ms >= {{ var('late_close_ms') }}, false)
                    or (coalesce(closed_at_ms - requested_at_ms >= {{ var('late_close_ms') }}, false)
                        and (open_statuses = 0 or open_fed_statuses > 0))) then 'startup_failed'
            when last_error_at_ms is not null and not coalesce(last_output_at_ms > last_error_at_ms, false) then 'error'
            when not started and (excused_errors > 0 or closed_at_ms is not null) then 'abandoned'
            when not started then 'unknown'
            else 'ok'
        end as grade
    from facts f
    cross join watermark w
),

timed as (
    select
        *,
        case when grade in ('swap_failed', 'no_output', 'output_lost', 'startup_failed', 'error') then 'failed' else grade end as outcome_of,
        first_segment_ms - requested_ms as ptff,
        own_first_segment_ms - own_first_ingest_ms as e2e,
        case when overlay then inference_online_ms else few_segments_ms end - requested_ms as startup,
        coalesce(first_segment_ms, first_data_ms) as inference_from_ms,
        coalesce(closed_ms, last_status_ms) - coalesce(first_segment_ms, first_data_ms) as inference
    from graded
)

select
    stream_id, request_id,
    {{ ms_to_timestamp('requested_ms') }} as requested_at,
    {{ ms_to_timestamp(int_div('requested_ms', 3600000) ~ ' * 3600000') }} as hour,
    cast({{ ms_to_timestamp('requested_ms') }} as date) as day,
    gateway, region, orchestrator, identity, orch_uri, model, pipeline, gpu, gpu_id, warm,
    case when ptff >= 0 then ptff end as ptff_ms,
    case when e2e >= 0 then e2e end as e2e_ms,
    case when startup >= 0 then startup end as startup_ms,
    overlay,
    fps_mean, fps_samples, jitter,
    case when counts then outcome_of end as outcome,
    case when counts and outcome_of = 'failed' then grade end as reason,
    error_events,
    restarts,
    swap_events > 0 or changed_orchestrator as swapped,
    swap_events,
    counts,
    counts and outcome_of in ('ok', 'failed') as served,
    counts and outcome_of in ('ok', 'failed') and statuses > 0
        and (first_data_ms is not null or (first_segment_ms is not null and few_segments_ms is not null)) as complete,
    counts and outcome_of in ('ok', 'failed') and not started as startup_missing,
    counts and grade = 'swap_failed' as failed_swap,
    case when inference >= 0 then {{ ms_to_timestamp('inference_from_ms') }} end as inference_started_at,
    case when inference >= 0 then inference end as inference_ms,
    statuses,
    messages + late_messages as messages,
    late_messages,
    {{ ms_to_timestamp('first_at_ms') }} as first_message_at,
    {{ ms_to_timestamp('last_at_ms') }} as last_message_at
from timed
