{# How a model becomes a table of the lake: one statement and one snapshot each, so that whoever reads never misses rows.
   dbt-trino's own way commits what goes and what comes apart, and makes a table with a contract empty at first. #}

{# Columns with their types, which the contract tells; where there is none, as they come. #}
{% macro kept_columns() %}
  {%- set columns = [] -%}
  {%- for column in model.columns.values() -%}
    {%- do columns.append({'name': adapter.quote(column.name), 'type': column.data_type}) -%}
  {%- endfor -%}
  {{ return(columns) }}
{% endmacro %}

{% macro typed(columns) %}
  {%- for column in columns -%}
    {%- if column.type %}cast({{ column.name }} as {{ column.type }}) as {% endif %}{{ column.name }}{{ ', ' if not loop.last }}
  {%- endfor -%}
{% endmacro %}

{# By day, and within a file by what is looked up: the keys by which rows are replaced. #}
{% macro layout(replaces) %}
  {%- if replaces and 'day' in model.columns -%}
    {%- set order = replaces.columns | reject('equalto', 'day') | map('replace', '"', '') | list -%}
    with (partitioning = array['day']{% if order %}, sorted_by = array['{{ order | join("', '") }}']{% endif %})
  {%- endif -%}
{% endmacro %}

{% macro replace_table_at_once(relation, replaces, sql) %}
  {%- set columns = kept_columns() if replaces or model.config.contract.enforced else [] -%}
  create or replace table {{ relation }} {{ layout(replaces) }} as
  select {{ typed(columns) if columns else '*' }} from ({{ sql }}) made
{% endmacro %}

{# New rows, and beside them the keys whose rows go. #}
{% macro merge_replaced(relation, replaces, sql) %}
  {%- set columns = kept_columns() -%}
  {%- set names = columns | map(attribute='name') | join(', ') -%}
  {%- set by = context[replaces.by]() -%}
  {%- set keys = replaces.columns -%}
  merge into {{ relation }} as held
  using (
    select {{ typed(columns) }}{% for key in keys %}, null as gone_{{ loop.index }}{% endfor %}, false as is_gone
    from ({{ sql }}) made
    union all
    select {% for column in columns %}null, {% endfor %}{{ keys | join(', ') }}, true
    from (select distinct {{ keys | join(', ') }} from ({{ by }}) listed) gone
  ) as next
  on next.is_gone
    {%- for key in keys %} and held.{{ key }} = next.gone_{{ loop.index }}{% endfor %}
    {%- set days = replaced_days(replaces, by) %}
    {%- if days is not none %} and held.day in ({{ days }}){% endif %}
  when matched then delete
  when not matched and not next.is_gone then insert ({{ names }})
    values ({% for column in columns %}next.{{ column.name }}{{ ', ' if not loop.last }}{% endfor %})
{% endmacro %}

{# The days of the rows that go, as literals: only then are the files of the others left alone for sure. None where the
   keys don't tell. Asked once a build for all models of the same keys. #}
{% macro replaced_days(replaces, by) %}
  {%- if 'day' not in replaces.columns and 'hour' not in replaces.columns -%}{{ return(none) }}{%- endif -%}
  {%- set known = graph.setdefault('replaced_days ' ~ invocation_id, {}) -%}
  {%- if by not in known -%}
    {%- set day = 'day' if 'day' in replaces.columns else 'cast(hour as date)' -%}
    {%- set found = run_query('select distinct cast(' ~ day ~ ' as varchar) from (' ~ by ~ ') keys where ' ~ day ~ ' is not null').columns[0].values() -%}
    {%- do known.update({by: found}) -%}
  {%- endif -%}
  {%- set literals = [] -%}
  {%- for day in known[by] -%}{%- do literals.append("date '" ~ day ~ "'") -%}{%- endfor -%}
  {{ return(literals | join(', ') or "cast(null as date)") }}
{% endmacro %}

{# Whether a model stays as it is: nothing arrived of the families that `meta.families` names, of which alone it is made. A
   statement costs the same, be there rows for it or not. #}
{% macro is_left_alone() %}
  {%- set families, arrived = config.get('meta', {}).families, var('families', none) -%}
  {{ return(families is not none and arrived is not none and not should_full_refresh() and load_relation(this) is not none
    and families | select('in', arrived) | list | length == 0) }}
{% endmacro %}

{% materialization table, adapter='trino' %}
  {%- set relation = this.incorporate(type='table') -%}
  {% if is_left_alone() %}
    {% do store_raw_result('main', message='left alone') %}
    {{ return({'relations': [relation]}) }}
  {% endif %}
  {{ run_hooks(pre_hooks) }}
  {% call statement('main') %}{{ replace_table_at_once(relation, none, sql) }}{% endcall %}
  {{ run_hooks(post_hooks) }}
  {{ return({'relations': [relation]}) }}
{% endmaterialization %}

{% materialization incremental, adapter='trino' %}
  {%- set relation = this.incorporate(type='table') -%}
  {%- set replaces = config.get('meta', {}).replaces -%}
  {% if is_left_alone() %}
    {% do store_raw_result('main', message='left alone') %}
    {{ return({'relations': [relation]}) }}
  {% endif %}
  {{ run_hooks(pre_hooks) }}
  {%- set statement_sql -%}
    {%- if not is_incremental() -%}{{ replace_table_at_once(relation, replaces, sql) }}
    {%- elif replaces -%}{{ merge_replaced(relation, replaces, sql) }}
    {%- else -%}insert into {{ relation }} {{ sql }}
    {%- endif -%}
  {%- endset -%}
  {% call statement('main') %}{{ statement_sql }}{% endcall %}
  {{ run_hooks(post_hooks) }}
  {{ return({'relations': [relation]}) }}
{% endmaterialization %}
