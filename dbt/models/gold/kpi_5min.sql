-- depends_on: {{ ref('changed_hours') }}
-- One row per five minutes and dimensions: numerators, denominators, sums and counts, from which every coarser cut is
-- computed. An hour is replaced whole.
{{ config(meta={'replaces': {'columns': ['hour'], 'by': 'replaced_hours'}}) }}
{% set counts = {
    'requests': "1",
    'failed': "case when outcome = 'failed' then 1 else 0 end",
    'unserved': "case when outcome = 'unserved' then 1 else 0 end",
    'abandoned': "case when outcome = 'abandoned' then 1 else 0 end",
    'unknown': "case when outcome = 'unknown' then 1 else 0 end",
    'running': "case when outcome = 'running' then 1 else 0 end",
    'served': "case when served then 1 else 0 end",
    'swapped': "case when swapped then 1 else 0 end",
    'swapped_served': "case when swapped and served then 1 else 0 end",
    'failed_swaps': "case when failed_swap then 1 else 0 end",
    'error_events': "error_events",
    'restarts': "restarts",
    'overlay': "case when overlay then 1 else 0 end",
    'complete': "case when complete then 1 else 0 end",
    'startup_missing': "case when startup_missing then 1 else 0 end",
} %}
{% set latencies = {'ptff': 'not overlay', 'e2e': 'not overlay', 'startup': 'true'} %}

with requests as (
    select
        {{ slot_of('requested_at') }} as slot,
        {{ dimensions() }},
        {% for name, expression in counts.items() %}
        sum({{ expression }}) as {{ name }},
        {% endfor %}
        count(jitter) as jitter_n,
        sum(jitter) as jitter_sum,
        {% for name, condition in latencies.items() %}
        count({{ name }}_ms) filter (where {{ condition }}) as {{ name }}_n,
        sum({{ name }}_ms) filter (where {{ condition }}) as {{ name }}_sum,
        {% endfor %}
        count(startup_ms) filter (where not warm) as cold_startup_n,
        sum(startup_ms) filter (where not warm) as cold_startup_sum
    from {{ ref('fct_requests') }}
    where counts and {{ of_changed_hours('hour') }}
    group by 1, {{ dimensions() }}
),

-- Inference lies in the five minutes in which it was served, maybe of another day than its request.
inference as (
    {% set served = ['gateway', 'region', 'orchestrator', 'model', 'pipeline', 'gpu', 'gpu_id'] %}
    {% set near %}
        (select * from {{ ref('fct_requests') }}
        {% if is_incremental_build() %}
        where {{ epoch_ms('inference_started_at') }} + inference_ms > (select min({{ epoch_ms('hour') }}) from {{ ref('changed_hours') }})
        {% endif %}) near
    {% endset %}
    select slot, hour, cast(hour as date) as day, {{ served | join(', ') }}, sum(part_ms) as inference_ms
    from (select *, date_trunc('hour', slot) as hour from ({{ inference_parts(near, served, 'slot') }}) parts) of_hours
    where {{ of_changed_hours('hour') }}
    group by slot, hour, {{ served | join(', ') }}
),

samples as (
    select
        {{ slot_of('s.sampled_at') }} as slot,
        {{ dimensions('s') }},
        count(*) as fps_samples,
        sum(s.fps) as fps_sum,
        count(*) filter (where s.is_fed) as fps_fed_samples,
        sum(s.fps) filter (where s.is_fed) as fps_fed_sum,
        count(*) filter (where m.model is not null and g.gpu is not null) as cue_samples,
        sum(case when g.gpu is not null then s.fps * m.tflops_per_frame end) as cue_achieved,
        sum(case when m.model is not null then g.peak_tflops end) as cue_peak
    from {{ ref('output_samples') }} s
    left join {{ ref('model_flops') }} m on m.model = s.model
    left join {{ ref('gpu_peak_flops') }} g on g.gpu = s.gpu
    where {{ of_changed_hours('s.hour') }}
    group by 1, {{ dimensions('s') }}
),

payments as (
    select
        {{ slot_of('paid_at') }} as slot, {{ dimensions() }},
        count(*) as payments, count(*) filter (where fees_eth is null) as unread_payments, sum(fees_eth) as fees_eth
    from {{ ref('fct_payments') }}
    where {{ of_changed_hours('hour') }}
    group by 1, {{ dimensions() }}
),

parts as (
    {% set held = kpi_parts() %}
    {% set measures = kpi_measures() %}
    {% for part in held %}
    select
        slot, {{ dimensions() }},
        {% for measure, type in measures.items() %}
        cast({{ measure if measure in held[part] else '0' }} as {{ type }}) as {{ measure }}{{ ',' if not loop.last }}
        {% endfor %}
    from {{ part }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select
    slot, {{ dimensions() }},
    {% for measure, type in measures.items() %}
    cast(coalesce(sum({{ measure }}), 0) as {{ type }}) as {{ measure }}{{ ',' if not loop.last }}
    {% endfor %}
from parts
group by slot, {{ dimensions() }}
