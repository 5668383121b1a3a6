{{ config(materialized='table') }}
with named as (
    select model, pipeline, {{ epoch_ms('requested_at') }} as at_ms
    from {{ ref('fct_requests') }} where model is not null and counts
    union all
    select model, case when capability = '35' then 'live-video-to-video' end, envelope_ms
    from {{ ref('capability_models') }}
)

select
    n.model,
    min(n.pipeline) as pipeline,
    {{ ms_to_timestamp('min(n.at_ms)') }} as first_seen_at,
    {{ ms_to_timestamp('max(n.at_ms)') }} as last_seen_at,
    max(t.target_fps) as target_fps,
    max(t.target_ptff_ms) as target_ptff_ms,
    max(t.target_startup_ms) as target_startup_ms,
    max(f.tflops_per_frame) * 1e12 as flops_per_frame
from named n
left join {{ ref('model_targets') }} t on t.model = n.model
left join {{ ref('model_flops') }} f on f.model = n.model
group by n.model
