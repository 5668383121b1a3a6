-- depends_on: {{ ref('changed_scrape_hours') }}
-- Response times per logarithmic bucket (docs/kpis.md §3).
{{ config(meta={'replaces': {'columns': ['hour'], 'by': 'replaced_scrape_hours'}, 'families': ['orchestrator_scrape', 'network_capabilities']}) }}
select
    hour, cast(hour as date) as day, orchestrator, url, kind,
    {{ log_bucket('response_ms') }} as bucket,
    cast(count(*) as bigint) as n
from {{ ref('scrape_observations') }}
where not is_masked and is_reachable and response_ms is not null
group by hour, orchestrator, url, kind, {{ log_bucket('response_ms') }}
