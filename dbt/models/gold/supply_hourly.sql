-- depends_on: {{ ref('arrived_events') }}
-- What orchestrators offer, per hour: by the newest entry of each URL (docs/kpis.md §3, Supply).
{{ config(meta={'replaces': {'columns': ['hour'], 'by': 'reported_hours'}, 'families': ['network_capabilities']}) }}
{% set hour %}{{ ms_to_timestamp(int_div('envelope_ms', 3600000) ~ ' * 3600000') }}{% endset %}
{% set of_reported_hours %}{% if is_incremental_build() %}{{ hour }} in ({{ reported_hours() }}){% else %}true{% endif %}{% endset %}
with entries as (
    select event_key, idx, {{ hour }} as hour
    from (
        select
            *,
            row_number() over (
                partition by {{ int_div('envelope_ms', 3600000) }}, address, url order by envelope_ms desc, event_id desc, idx desc
            ) as choice
        from {{ ref('capability_entries') }}
        where address is not null and not is_contested and {{ of_reported_hours }}
    ) ranked
    where choice = 1
),

listed as (
    select
        e.hour, m.address, m.url, m.model,
        sum(coalesce(m.capacity_idle, 0) + coalesce(m.capacity_in_use, 0)) as capacity,
        sum(coalesce(m.capacity_in_use, 0)) as capacity_in_use,
        sum(coalesce(m.capacity_in_use, 0) + case when m.is_warm then coalesce(m.capacity_idle, 0) else 0 end) as warm,
        bool_or(m.capability = '35') as is_live_video
    from entries e
    join {{ ref('capability_models') }} m on m.event_key = e.event_key and m.idx = e.idx
    group by e.hour, m.address, m.url, m.model
),

-- Reports often come without hardware: its newest one of the hour that lists the model tells it.
hardware as (
    select
        {{ hour }} as hour, address, url, model,
        case when min(gpu) = max(gpu) then min(gpu) end as gpu,
        min_by(pipeline, hardware_idx) filter (where pipeline is not null) as pipeline,
        {{ json_text_set('gpu_id') }} as gpu_ids
    from (
        select
            *,
            rank() over (
                partition by {{ int_div('envelope_ms', 3600000) }}, address, url, model
                order by envelope_ms desc, event_id desc, idx desc
            ) as choice
        from {{ ref('capability_hardware') }}
        where model is not null and not is_contested and {{ of_reported_hours }}
    ) ranked
    where choice = 1
    group by {{ hour }}, address, url, model
)

select
    l.hour, cast(l.hour as date) as day, l.address as orchestrator, l.url as orch_uri, l.model,
    coalesce(h.pipeline, case when l.is_live_video then 'live-video-to-video' end) as pipeline,
    h.gpu,
    coalesce(h.gpu_ids, '[]') as gpu_ids,
    l.capacity, l.capacity_in_use, l.warm
from listed l
left join hardware h
    on h.hour = l.hour and h.address = l.address and h.model = l.model and coalesce(h.url, '') = coalesce(l.url, '')
