-- depends_on: {{ ref('changed_hours') }}
-- Counts per five minutes and logarithmic bucket (docs/kpis.md §3): they add, so percentiles of any window and cut come
-- from them. An hour is replaced whole.
{{ config(meta={'replaces': {'columns': ['hour'], 'by': 'replaced_hours'}}) }}
{% set of_requests = {
    'ptff_ms': ('ptff_ms', 'not overlay'), 'e2e_ms': ('e2e_ms', 'not overlay'), 'startup_ms': ('startup_ms', 'true'),
    'cold_startup_ms': ('startup_ms', 'not warm'), 'jitter': ('jitter * 10000', 'true')} %}
with measured as (
    {% for metric, (value, condition) in of_requests.items() %}
    select {{ slot_of('requested_at') }} as slot, {{ dimensions() }}, '{{ metric }}' as metric, {{ log_bucket(value) }} as bucket
    from {{ ref('fct_requests') }}
    where counts and {{ value }} is not null and {{ condition }} and {{ of_changed_hours('hour') }}
    union all
    {% endfor %}
    select {{ slot_of('sampled_at') }}, {{ dimensions() }}, 'output_fps', {{ log_bucket('fps * 100') }}
    from {{ ref('output_samples') }} where {{ of_changed_hours('hour') }}
    union all
    select {{ slot_of('sampled_at') }}, {{ dimensions() }}, 'output_fps_fed', {{ log_bucket('fps * 100') }}
    from {{ ref('output_samples') }} where is_fed and {{ of_changed_hours('hour') }}
)

select slot, {{ dimensions() }}, metric, bucket, cast(count(*) as bigint) as n
from measured
group by slot, {{ dimensions() }}, metric, bucket
