{# Schemas are named, not prefixed: silver, gold, build, seeds. #}
{% macro generate_schema_name(custom_schema_name, node) %}{{ custom_schema_name or target.schema }}{% endmacro %}

{# A build is incremental when a good build came before it and no full refresh is asked for. #}
{% macro is_incremental_build() %}
  {% if flags.FULL_REFRESH or not execute %}{{ return(false) }}{% endif %}
  {{ return(load_relation(api.Relation.create(database=target.database, schema='gold', identifier='build_state')) is not none) }}
{% endmacro %}

{# A table as the last build left it: read before this build changes it, so it can't be a ref. #}
{% macro previous(name, schema='gold') %}{{ return(api.Relation.create(database=target.database, schema=schema, identifier=name)) }}{% endmacro %}

{# What the rows that a build makes take the place of: the macro that `meta.replaces` of a model names as `by` selects the
   keys, which are in its `columns`; a table that is kept loses all rows of these keys before, or while, it gets new ones.
   Silver has one row per event, `arrivals` one per row of bronze; facts of a request are replaced whole, hourly rows by
   whole hours, of which those of the scraper are fewer: see changed_scrape_hours. #}
{% macro arrived_keys() %}select day, event_key from {{ ref('arrived_events') }}{% endmacro %}
{% macro arrived_places() %}select day, topic, "partition", "offset" from {{ ref('arrived_messages') }}{% endmacro %}
{% macro replaced_requests() %}select request_id from {{ ref('changed_requests') }}{% endmacro %}
{% macro replaced_payments() %}select event_key from {{ ref('changed_payments') }}{% endmacro %}
{% macro replaced_hours() %}select hour from {{ ref('changed_hours') }}{% endmacro %}
{% macro replaced_scrape_hours() %}select hour from {{ ref('changed_scrape_hours') }}{% endmacro %}
{% macro replaced_days_of_gold() %}select cast(hour as date) as day from ({{ hours_of_gold() }}) hours{% endmacro %}

{# Hours of which this build makes any rows of gold anew. #}
{% macro hours_of_gold() %}
    select hour from {{ ref('changed_hours') }}
    union
    select hour from {{ ref('changed_scrape_hours') }}
    union
    {{ reported_hours() }}
    union
    {{ arrival_hours() }}
{% endmacro %}

{# Select: the hours, or slots of five minutes, that the inference of requests touches, each with the part of it that lies
   there: the columns carried along, `per` (hour or slot), part_ms. One that takes no time touches none. `rows` is what
   stands after FROM. #}
{% macro inference_parts(rows, columns, per='hour') %}
    {%- set length_ms = {'hour': 3600000, 'slot': 300000}[per] -%}
    select
        {{ columns | join(', ') }}{{ ', ' if columns }}
        {{ ms_to_timestamp('touched.part_no * ' ~ length_ms) }} as {{ per }},
        least(to_ms, (touched.part_no + 1) * {{ length_ms }}) - greatest(from_ms, touched.part_no * {{ length_ms }}) as part_ms
    from (
        select
            {{ columns | join(', ') }}{{ ', ' if columns }}
            {{ epoch_ms('inference_started_at') }} as from_ms, {{ epoch_ms('inference_started_at') }} + inference_ms as to_ms
        from {{ rows }}
        where counts and inference_ms > 0
    ) inference
    cross join unnest({{ int_range(int_div('from_ms', length_ms), int_div('to_ms - 1', length_ms)) }}) as touched(part_no)
{% endmacro %}

{# The start of the five minutes in which a time lies. #}
{% macro slot_of(ts) %}{{ ms_to_timestamp(int_div(epoch_ms(ts), 300000) ~ ' * 300000') }}{% endmacro %}

{# Condition on a request_id: all in a full build, else those of this build. #}
{% macro of_changed_requests(column) %}
  {%- set changed = ref('changed_requests') -%}
  {%- if is_incremental_build() -%} {{ column }} in (select request_id from {{ changed }}) {%- else -%} true {%- endif -%}
{% endmacro %}

{% macro of_changed_hours(column) %}
  {%- set changed = ref('changed_hours') -%}
  {%- if is_incremental_build() -%} {{ column }} in (select hour from {{ changed }}) {%- else -%} true {%- endif -%}
{% endmacro %}

{% macro of_changed_scrape_hours(ms) %}
  {%- set changed = ref('changed_scrape_hours') -%}
  {%- if is_incremental_build() -%} {{ int_div(ms, 3600000) }} in (select hour_no from {{ changed }}) {%- else -%} true {%- endif -%}
{% endmacro %}

{# What orchestrators offer is made anew for the hours of the capability reports that arrived, in every copy. #}
{% macro reported_hours() %}select distinct {{ ms_to_timestamp(int_div('envelope_ms', 3600000) ~ ' * 3600000') }} as hour from {{ ref('arrived_events') }} where type = 'network_capabilities'{% endmacro %}

{# What `kpi_5min` and `kpi_hourly` add up, by what it is made of, with its type. #}
{% macro kpi_parts() %}
  {%- set counts = {} -%}
  {%- for name in [
      'requests', 'failed', 'unserved', 'abandoned', 'unknown', 'running', 'served', 'swapped', 'swapped_served', 'failed_swaps',
      'error_events', 'restarts', 'overlay', 'complete', 'startup_missing', 'jitter_n', 'ptff_n', 'ptff_sum', 'e2e_n', 'e2e_sum',
      'startup_n', 'startup_sum', 'cold_startup_n', 'cold_startup_sum'] -%}
    {%- do counts.update({name: 'bigint'}) -%}
  {%- endfor -%}
  {{ return({
      'requests': dict(counts, jitter_sum='double'),
      'inference': {'inference_ms': 'bigint'},
      'samples': {
          'fps_samples': 'bigint', 'fps_sum': 'double', 'fps_fed_samples': 'bigint', 'fps_fed_sum': 'double',
          'cue_samples': 'bigint', 'cue_achieved': 'double', 'cue_peak': 'double'},
      'payments': {'payments': 'bigint', 'unread_payments': 'bigint', 'fees_eth': 'double'}}) }}
{% endmacro %}

{% macro kpi_measures() %}
  {%- set measures = {} -%}
  {%- for part in kpi_parts().values() -%}{%- do measures.update(part) -%}{%- endfor -%}
  {{ return(measures) }}
{% endmacro %}

{# The dimensions of the hourly tables, in their order. #}
{% macro dimensions(alias=none) %}
  {%- for d in ['hour', 'day', 'gateway', 'region', 'orchestrator', 'model', 'pipeline', 'gpu', 'gpu_id'] -%}
    {{ alias ~ '.' if alias }}{{ d }}{{ ', ' if not loop.last }}
  {%- endfor -%}
{% endmacro %}

{% macro of_changed_payments(column) %}
  {%- set changed = ref('changed_payments') -%}
  {%- if is_incremental_build() -%} {{ column }} in (select event_key from {{ changed }}) {%- else -%} true {%- endif -%}
{% endmacro %}

{# Hours in which messages came in, and of what this build judges anew with them. #}
{% macro arrival_hours() %}select distinct hour from {{ ref('arrived_messages') }}{% endmacro %}

{% macro of_arrival_hours(column) %}
  {%- set hours = arrival_hours() -%}
  {%- if is_incremental_build() -%} {{ column }} in ({{ hours }}) {%- else -%} true {%- endif -%}
{% endmacro %}

{# The UTC days of rows of bronze, as pairs of unix ms [from, to): a pair for each run of days, one for all where clocks
   are wrong all over. #}
{% macro day_spans(rows) %}
  {% set day_ms = 86400000 %}
  {% set spans = [] %}
  {% set days %}
    select distinct {{ int_div(epoch_ms('b.envelope_time'), day_ms) }} as day_no from {{ rows }} b order by day_no
  {% endset %}
  {% for row in run_query(days).rows %}
    {% set from_ms = row[0] | int * day_ms %}
    {% set begun = spans.pop() if spans and spans[-1][1] == from_ms else [from_ms] %}
    {% do spans.append([begun[0], from_ms + day_ms]) %}
  {% endfor %}
  {{ return(spans if spans | length <= 16 else [[spans[0][0], spans[-1][1]]]) }}
{% endmacro %}

{# Rows of bronze of some days, at least one span of them. A part for each: engines skip files by one range, not by many. #}
{% macro on_days(rows, spans) %}
  ({% for from_ms, to_ms in spans %}
    select * from {{ rows }}
    where envelope_time >= {{ timestamptz_literal(from_ms) }} and envelope_time < {{ timestamptz_literal(to_ms) }}
    {{ 'union all' if not loop.last }}
  {% endfor %})
{% endmacro %}

{# For each topic and partition, the first and last offset of the rows `b` of bronze that meet a condition. #}
{% macro offset_spans(rows, condition) %}
  {% set found %}
    select b.topic, b."partition", min(b."offset"), max(b."offset")
    from {{ rows }} b
    where {{ condition }}
    group by b.topic, b."partition"
  {% endset %}
  {{ return(run_query(found).rows | list) }}
{% endmacro %}

{# Condition on a row of bronze, of a kind that lets an engine skip files and parts of files. #}
{% macro in_offset_spans(alias, spans) %}
  {%- for span in spans -%}
    {{ '(' if loop.first }}({{ alias }}."offset" between {{ span[2] }} and {{ span[3] }} and {{ alias }}.topic = '{{ span[0] | replace("'", "''") }}' and {{ alias }}."partition" = {{ span[1] }}){{ ')' if loop.last else ' or ' }}
  {%- endfor -%}
{% endmacro %}
