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

{# When reports tie a key to an address: one row per key, address and unbroken stretch of message times for which at
   least one such report lies in [t − back, t + ahead]. `reports` has the key, address and envelope_ms. #}
{% macro address_periods(reports, key) %}
    select {{ key }}, address, min(from_ms) as from_ms, max(to_ms) as to_ms
    from (
        select *, sum(is_start) over (partition by {{ key }}, address order by from_ms rows unbounded preceding) as stretch
        from (
            select
                *,
                case when from_ms <= lag(to_ms) over (partition by {{ key }}, address order by from_ms) then 0 else 1 end as is_start
            from (
                select
                    {{ key }}, address,
                    envelope_ms - {{ var('capability_ahead_ms') }} as from_ms,
                    envelope_ms + {{ var('capability_back_ms') }} as to_ms
                from {{ reports }}
                group by {{ key }}, address, envelope_ms
            ) spoken
        ) starts
    ) stretches
    group by {{ key }}, address, stretch
{% endmacro %}
