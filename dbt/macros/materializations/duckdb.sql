{# How a model becomes a table in DuckDB. dbt-duckdb's own way takes three times as long as most models of a small build:
   it makes a table beside the old one, compares columns, renames, and drops in transactions of their own. Columns can't
   differ here: a build whose SQL or engine is another starts over (`fingerprint` in build.py). #}
{% macro replace_table(relation, sql) %}
  {#- A model may read what it replaces. -#}
  {%- set next = relation.incorporate(path={'identifier': relation.identifier ~ '__next'}) -%}
  drop table if exists {{ next }};
  {{ create_table_as(false, next, sql) }};
  drop table if exists {{ relation }};
  alter table {{ next }} rename to {{ adapter.quote(relation.identifier) }};
{% endmacro %}

{# The rows of the keys in `meta.replaces` go before new ones come; by day first, which tells whole row groups. #}
{% macro remove_replaced(relation, replaces) %}
  {%- set by = context[replaces.by]() -%}
  {%- set of_day = 'day' in replaces.columns and replaces.columns | length > 1 -%}
  {%- set columns = (replaces.columns | reject('equalto', 'day') if of_day else replaces.columns) | join(', ') -%}
  {%- set key = 'row(' ~ columns ~ ')' if ',' in columns else columns -%}
  delete from {{ relation }}
  where {{ key }} in (select {{ key }} from ({{ by }}) keys)
  {%- if of_day %} and day in (select distinct day from ({{ by }}) keys){% endif %}
{% endmacro %}

{% materialization table, adapter='duckdb' %}
  {%- set relation = this.incorporate(type='table') -%}
  {{ run_hooks(pre_hooks) }}
  {% call statement('main') %}{{ replace_table(relation, sql) }}{% endcall %}
  {{ run_hooks(post_hooks) }}
  {% do adapter.commit() %}
  {{ return({'relations': [relation]}) }}
{% endmaterialization %}

{% materialization incremental, adapter='duckdb' %}
  {%- set relation = this.incorporate(type='table') -%}
  {%- set replaces = config.get('meta', {}).replaces -%}
  {{ run_hooks(pre_hooks) }}
  {% if is_incremental() and replaces %}
    {% call statement('removed') %}{{ remove_replaced(relation, replaces) }}{% endcall %}
  {% endif %}
  {% call statement('main') %}
    {% if is_incremental() %}insert into {{ relation }} by name ({{ sql }}){% else %}{{ replace_table(relation, sql) }}{% endif %}
  {% endcall %}
  {{ run_hooks(post_hooks) }}
  {% do adapter.commit() %}
  {{ return({'relations': [relation]}) }}
{% endmaterialization %}
