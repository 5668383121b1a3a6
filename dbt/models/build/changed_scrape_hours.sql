-- depends_on: {{ ref('arrived_events') }}
-- depends_on: {{ ref('scrapes') }}
-- Hours whose rounds this build judges anew: those of scrapes that arrived, in every copy; those that an arrived
-- report speaks for, since it may tell whose URL or GPU it is; and the hour after each, since a round is judged by the
-- hour before it. All is found from what arrived, so a build that died leaves nothing behind.
{% set in_hours %}select distinct {{ int_div('envelope_ms', 3600000) }} as hour_no{% endset %}
with hours as (
{% if is_incremental_build() %}
    {{ in_hours }} from {{ ref('arrived_events') }} where type = 'orchestrator_scrape'
    union
    select hour_no
    from ({{ in_hours }} from {{ ref('scrapes') }}) held
    where hour_no in (
        select around.hour_no
        from (
            {{ in_hours }} from {{ ref('arrived_events') }} where type in ('orchestrator_scrape', 'network_capabilities')
        ) arrived
        cross join unnest({{ int_range(
            int_div('arrived.hour_no * 3600000 - ' ~ var('capability_ahead_ms'), 3600000),
            int_div('(arrived.hour_no + 1) * 3600000 + ' ~ var('capability_back_ms'), 3600000)) }}) as around(hour_no)
    )
{% else %}
    {{ in_hours }} from {{ ref('scrapes') }}
{% endif %}
)

select hour_no, {{ ms_to_timestamp('hour_no * 3600000') }} as hour
from hours
