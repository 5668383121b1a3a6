-- depends_on: {{ ref('changed_scrape_hours') }}
-- What the scraper found, per hour and URL: counts and sums that add (docs/kpis.md §6).
{{ config(meta={'replaces': {'columns': ['hour'], 'by': 'replaced_scrape_hours'}, 'families': ['orchestrator_scrape', 'network_capabilities']}) }}
{% set counted = 'not is_masked and not is_refused' %}
{% set heard = 'not is_masked and is_reachable' %}
{% set counts = {
    'observations': counted,
    'reachable': heard,
    'refused': 'not is_masked and is_refused',
    'masked': 'is_masked',
    'response_n': heard ~ ' and response_ms is not null',
    'capacity_n': heard ~ ' and capacity_total is not null',
    'in_use_n': heard ~ ' and capacity_used is not null',
    'available_n': heard ~ ' and capacity_available is not null',
} %}
{% set sums = {
    'response_sum': (heard, 'response_ms'),
    'capacity_sum': (heard, 'capacity_total'),
    'in_use_sum': (heard, 'capacity_used'),
    'available_sum': (heard, 'capacity_available'),
    'busy_sum': (heard ~ ' and capacity_total is not null', 'capacity_used'),
    'busy_capacity_sum': (heard ~ ' and capacity_used is not null', 'capacity_total'),
} %}
select
    hour, cast(hour as date) as day, orchestrator, url, kind,
    {% for name, condition in counts.items() %}
    cast(count(*) filter (where {{ condition }}) as bigint) as {{ name }},
    {% endfor %}
    {% for name, (condition, value) in sums.items() %}
    cast(coalesce(sum({{ value }}) filter (where {{ condition }}), 0) as double) as {{ name }}{{ ',' if not loop.last }}
    {% endfor %}
from {{ ref('scrape_observations') }}
group by hour, orchestrator, url, kind
