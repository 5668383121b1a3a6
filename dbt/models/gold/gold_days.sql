-- depends_on: {{ ref('changed_hours') }}
-- depends_on: {{ ref('scrape_hourly') }}
-- depends_on: {{ ref('scrape_latency_hourly') }}
-- depends_on: {{ ref('scrape_readings_hourly') }}
-- depends_on: {{ ref('supply_hourly') }}
-- depends_on: {{ ref('supply_hours') }}
-- depends_on: {{ ref('fct_swaps') }}
-- depends_on: {{ ref('arrived_events') }}
-- depends_on: {{ ref('ingest_hourly') }}
-- depends_on: {{ ref('arrived_messages') }}
-- For every day of the gold tables, the last build that changed it: what the sync compares itself with.
{{ config(meta={'replaces': {'columns': ['day'], 'by': 'replaced_days_of_gold'}}) }}
select distinct cast(h.hour as date) as day, '{{ invocation_id }}' as build_id
from ({{ hours_of_gold() }}) h
-- The hourly tables come before: a day is announced when its rows are there.
where 0 <= (select count(*) from {{ ref('kpi_hourly') }}) + (select count(*) from {{ ref('kpi_latency_hourly') }})
