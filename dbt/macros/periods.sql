{# For which message times each report of a key speaks (docs/kpis.md §2 Orchestrator): the newest report in
   [t − back, t], else the oldest in (t, t + ahead]; ties go to the larger event id, then to the later in the array.
   `reports` has the key columns, envelope_ms, event_id, idx and what else is wanted. The periods of a key are disjoint;
   a row is given for every hour that a period touches, so that the look-up is an equality join. #}
{% macro report_periods(reports, keys, columns) %}
    select
        {{ keys | join(', ') }}, {{ columns | join(', ') }}, from_ms, to_ms, touched.hour_no
    from (
        select
            *,
            least(envelope_ms, greatest(
                envelope_ms - {{ var('capability_ahead_ms') }},
                coalesce(lag(envelope_ms) over of_key + {{ var('capability_back_ms') }} + 1, 0)
            )) as from_ms,
            least(
                envelope_ms + {{ var('capability_back_ms') }},
                coalesce(lead(envelope_ms) over of_key - 1, 9000000000000000)
            ) as to_ms
        from (
            select
                *,
                row_number() over (partition by {{ keys | join(', ') }}, envelope_ms order by event_id desc, idx desc) as choice
            from {{ reports }}
        ) tied
        where choice = 1
        window of_key as (partition by {{ keys | join(', ') }} order by envelope_ms)
    ) periods
    cross join unnest({{ int_range(int_div('from_ms', 3600000), int_div('to_ms', 3600000)) }}) as touched(hour_no)
{% endmacro %}
