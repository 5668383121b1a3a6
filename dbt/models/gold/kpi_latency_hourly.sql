-- depends_on: {{ ref('changed_hours') }}
-- Counts per hour and logarithmic bucket: the sums of its five minutes.
{{ config(meta={'replaces': {'columns': ['hour'], 'by': 'replaced_hours'}}) }}
select {{ dimensions() }}, metric, bucket, cast(sum(n) as bigint) as n
from {{ ref('kpi_latency_5min') }}
where {{ of_changed_hours('hour') }}
group by {{ dimensions() }}, metric, bucket
