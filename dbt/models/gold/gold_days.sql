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
{{ config(pre_hook="{% if is_incremental() %}delete from {{ this }} where day in (select cast(hour as date) from {{ ref('changed_hours') }} union select cast(hour as date) from {{ ref('changed_scrape_hours') }} union select cast(hour as date) from ({{ reported_hours() }}) reported union select day from {{ ref('arrived_messages') }}){% else %}select 1{% endif %}") }}
select distinct cast(h.hour as date) as day, '{{ invocation_id }}' as build_id
from (
    select hour from {{ ref('changed_hours') }}
    union
    select hour from {{ ref('changed_scrape_hours') }}
    union
    {{ reported_hours() }}
    union
    {{ arrival_hours() }}
) h
-- The hourly tables come before: a day is announced when its rows are there.
where 0 <= (select count(*) from {{ ref('kpi_hourly') }}) + (select count(*) from {{ ref('kpi_latency_hourly') }})
