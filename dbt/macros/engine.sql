{# What differs between DuckDB (embedded) and Trino (distributed). Everything else in this project is SQL that both share. #}

{# A table of bronze as this build sees it, and those of its rows that no build has taken. DuckDB has views of both, which
   are made before a build; Trino is told the snapshot, and the files that came with these rows. #}
{% macro bronze(name) %}{% set table = source('bronze', name) %}{{ return(adapter.dispatch('bronze_at')(table, name)) }}{% endmacro %}
{% macro arrived_bronze(name) %}{% set table = source('bronze', name) %}{{ return(adapter.dispatch('arrived_bronze')(table, name)) }}{% endmacro %}
{% macro duckdb__bronze_at(table, name) %}{{ return(table) }}{% endmacro %}
{% macro duckdb__arrived_bronze(table, name) %}{{ return(table.incorporate(path={'identifier': 'arrived_' ~ name})) }}{% endmacro %}
{% macro trino__bronze_at(table, name) %}
  {%- set snapshot = var('bronze_snapshots', {}).get(name) -%}
  {{ return(table ~ ' for version as of ' ~ snapshot if snapshot else table) }}
{% endmacro %}
{% macro trino__arrived_bronze(table, name) %}
  {%- set files = var('bronze_files', {}).get(name, []) -%}
  {%- set condition = '"$path" in (\'' ~ files | map('replace', "'", "''") | join("', '") ~ '\')' if files else 'false' -%}
  {{ return('(select * from ' ~ bronze(name) ~ ' where ' ~ condition ~ ')') }}
{% endmacro %}

{# Who runs the orchestrators. DuckDB has a view of it, made before a build; Trino is told the table, which may be of any of
   its catalogs, or has none. A unit test puts rows in place of either. #}
{% macro operators() %}{% set table = source('operators', 'operators') %}{{ return(adapter.dispatch('operators_of')(table)) }}{% endmacro %}
{% macro duckdb__operators_of(table) %}{{ return(table) }}{% endmacro %}
{% macro trino__operators_of(table) %}
  {%- set place = var('operators', none) -%}
  {%- if table.is_cte -%}{{ return(table) }}
  {%- elif place -%}{%- set parts = place.split('.') -%}{{ return(table.incorporate(path={'database': parts[0], 'schema': parts[1], 'identifier': parts[2]})) }}
  {%- else -%}{{ return('(select cast(null as varchar) as address, cast(null as varchar) as name, cast(null as varchar) as contact, cast(null as decimal(38, 18)) as stake where false)') }}
  {%- endif -%}
{% endmacro %}

{# List of texts, one for each JSON path, parsed once; 1-based. A missing path or JSON null is null. #}
{% macro json_texts(json, paths) %}{{ return(adapter.dispatch('json_texts')(json, paths)) }}{% endmacro %}
{% macro duckdb__json_texts(json, paths) %}json_extract_string({{ json }}, [{% for p in paths %}'{{ p }}'{{ ', ' if not loop.last }}{% endfor %}]){% endmacro %}
{% macro trino__json_texts(json, paths) %}array[{% for p in paths %}json_extract_scalar({{ json }}, '{{ p }}'){{ ', ' if not loop.last }}{% endfor %}]{% endmacro %}

{% macro json_text(json, path) %}{{ return(adapter.dispatch('json_text')(json, path)) }}{% endmacro %}
{% macro duckdb__json_text(json, path) %}json_extract_string({{ json }}, '{{ path }}'){% endmacro %}
{% macro trino__json_text(json, path) %}json_extract_scalar({{ json }}, '{{ path }}'){% endmacro %}

{# JSON text with U+FFFD for each escaped half of a surrogate pair: JSON allows them, DuckDB's parser fails the whole
   query. What is whole (an escaped backslash, a pair) and what is a half are told apart by a mark behind each, which no
   JSON text holds. Trino's parser reads a half as it is and writes it as U+FFFD. #}
{% macro readable_json(text) %}{{ return(adapter.dispatch('readable_json')(text)) }}{% endmacro %}
{% macro duckdb__readable_json(text) %}{% set whole = "'(\\\\\\\\|\\\\u[dD][89abAB]..\\\\u[dD][c-fC-F]..)'" %}case
    when contains({{ text }}, '\ud') or contains({{ text }}, '\uD')
        then replace(regexp_replace(regexp_replace({{ text }}, {{ whole }} || '|\\u[dD][89a-fA-F]..', '\1' || chr(1), 'g'), {{ whole }} || chr(1), '\1', 'g'), chr(1), chr(65533))
    else {{ text }}
  end{% endmacro %}
{% macro trino__readable_json(text) %}case
    when strpos({{ text }}, '\ud') > 0 or strpos({{ text }}, '\uD') > 0
        then regexp_replace({{ text }}, '(\\\\|\\u[dD][89abAB]..\\u[dD][c-fC-F]..)|\\u[dD][89a-fA-F]..', found -> coalesce(found[1], chr(65533)))
    else {{ text }}
  end{% endmacro %}

{# Sub-document as JSON. #}
{% macro json_part(json, path) %}{{ return(adapter.dispatch('json_part')(json, path)) }}{% endmacro %}
{% macro duckdb__json_part(json, path) %}json_extract({{ json }}, '{{ path }}'){% endmacro %}
{% macro trino__json_part(json, path) %}json_extract({{ json }}, '{{ path }}'){% endmacro %}

{# Whether the value at the path is a JSON text (not a number, object, …). #}
{% macro json_is_text(json, path) %}{{ return(adapter.dispatch('json_is_text')(json, path)) }}{% endmacro %}
{% macro duckdb__json_is_text(json, path) %}coalesce(json_type({{ json }}, '{{ path }}') = 'VARCHAR', false){% endmacro %}
{% macro trino__json_is_text(json, path) %}coalesce(json_format(json_extract({{ json }}, '{{ path }}')) like '"%', false){% endmacro %}

{# Whether the value at the path is the JSON literal true. #}
{% macro json_is_true(json, path) %}{{ return(adapter.dispatch('json_is_true')(json, path)) }}{% endmacro %}
{% macro duckdb__json_is_true(json, path) %}coalesce(cast(json_extract({{ json }}, '{{ path }}') as varchar) = 'true', false){% endmacro %}
{% macro trino__json_is_true(json, path) %}coalesce(json_format(json_extract({{ json }}, '{{ path }}')) = 'true', false){% endmacro %}

{# Select: one row per element of a JSON array, with `columns` carried along: …, value (JSON), idx (1-based).
   No array: no rows. `source` is what stands after FROM. DuckDB unnests in the select list: as a join it would copy
   the carried columns, among them whole reports, for every element. #}
{% macro explode_json_array(source, json, columns) %}{{ return(adapter.dispatch('explode_json_array')(source, json, columns)) }}{% endmacro %}
{% macro duckdb__explode_json_array(source, json, columns) %}select {{ columns | join(', ') }}, unnest(elements) as value, generate_subscripts(elements, 1) as idx
    from (select {{ columns | join(', ') }}, try_cast({{ json }} as json[]) as elements from {{ source }}) arrays{% endmacro %}
{% macro trino__explode_json_array(source, json, columns) %}select {{ columns | join(', ') }}, nullif(exploded_value, json 'null') as value, exploded_place as idx
    from {{ source }}
    cross join unnest(try_cast({{ json }} as array(json))) with ordinality as elements(exploded_value, exploded_place){% endmacro %}

{# Select: one row per member of a JSON object: …, key (text), value (JSON). `keep`: an object without members, and what
   is none, gives one row with null key and value; else no row. #}
{% macro explode_json_object(source, json, columns, keep=false) %}{{ return(adapter.dispatch('explode_json_object')(source, json, columns, keep)) }}{% endmacro %}
{% macro duckdb__explode_json_object(source, json, columns, keep) %}select {{ columns | join(', ') }}, member.key as key, member.value as value
    from (
        select {{ columns | join(', ') }}, unnest({% if keep %}case when len(members) > 0 then members else [null] end{% else %}members{% endif %}) as member
        from (select {{ columns | join(', ') }}, map_entries(try_cast({{ json }} as map(varchar, json))) as members from {{ source }}) objects
    ) exploded{% endmacro %}
{% macro trino__explode_json_object(source, json, columns, keep) %}select {{ columns | join(', ') }}, member_key as key, nullif(member_value, json 'null') as value
    from {{ source }}
    {{ 'left' if keep else 'cross' }} join unnest(try_cast({{ json }} as map(varchar, json))) as members(member_key, member_value){{ ' on true' if keep }}{% endmacro %}

{# JSON text to JSON; text that is no JSON is null. #}
{% macro parse_json(text) %}{{ return(adapter.dispatch('parse_json')(text)) }}{% endmacro %}
{% macro duckdb__parse_json(text) %}try_cast({{ text }} as json){% endmacro %}
{% macro trino__parse_json(text) %}try(json_parse({{ text }})){% endmacro %}

{# JSON array text of the sorted distinct texts of a group. #}
{% macro json_text_set(expression) %}{{ return(adapter.dispatch('json_text_set')(expression)) }}{% endmacro %}
{% macro duckdb__json_text_set(expression) %}cast(to_json(list_sort(coalesce(array_agg(distinct {{ expression }}) filter (where {{ expression }} is not null), []))) as varchar){% endmacro %}
{# Trino escapes what DuckDB writes as it is: characters past U+FFFF, as surrogate pairs. #}
{% macro trino__json_text_set(expression) %}regexp_replace(
    json_format(cast(array_sort(coalesce(array_agg(distinct {{ expression }}) filter (where {{ expression }} is not null), array[])) as json)),
    '(\\\\)|\\u([dD][89abAB]..)\\u([dD][c-fC-F]..)',
    found -> coalesce(found[1], chr(65536 + (from_base(found[2], 16) - 55296) * 1024 + from_base(found[3], 16) - 56320))){% endmacro %}

{# Lower case of ASCII letters alone, as every engine and language has it. DuckDB's `lower` is fast and its `translate` is
   not, so a text of ASCII alone takes the first. #}
{% macro ascii_lower(text) %}{{ return(adapter.dispatch('ascii_lower')(text)) }}{% endmacro %}
{% macro duckdb__ascii_lower(text) %}case when strlen({{ text }}) = length({{ text }}) then lower({{ text }}) else {{ trino__ascii_lower(text) }} end{% endmacro %}
{% macro trino__ascii_lower(text) %}translate({{ text }}, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'abcdefghijklmnopqrstuvwxyz'){% endmacro %}

{# Whether a text, whole, is of a pattern that RE2 and Java share. #}
{% macro is_like_pattern(text, pattern) %}{{ return(adapter.dispatch('is_like_pattern')(text, pattern)) }}{% endmacro %}
{% macro duckdb__is_like_pattern(text, pattern) %}regexp_full_match({{ text }}, '{{ pattern }}'){% endmacro %}
{% macro trino__is_like_pattern(text, pattern) %}regexp_like({{ text }}, '\A({{ pattern }})\z'){% endmacro %}

{# SHA-256 of bytes, lower-case hex. #}
{% macro sha256_hex(bytes) %}{{ return(adapter.dispatch('sha256_hex')(bytes)) }}{% endmacro %}
{% macro duckdb__sha256_hex(bytes) %}sha256({{ bytes }}){% endmacro %}
{% macro trino__sha256_hex(bytes) %}lower(to_hex(sha256({{ bytes }}))){% endmacro %}

{# Unix ms of a timestamp. #}
{% macro epoch_ms(ts) %}{{ return(adapter.dispatch('epoch_ms')(ts)) }}{% endmacro %}
{% macro duckdb__epoch_ms(ts) %}epoch_ms({{ ts }}){% endmacro %}
{% macro trino__epoch_ms(ts) %}cast(round(to_unixtime({{ ts }}) * 1000) as bigint){% endmacro %}

{# UTC timestamp(6) of unix ms. #}
{% macro ms_to_timestamp(ms) %}{{ return(adapter.dispatch('ms_to_timestamp')(ms)) }}{% endmacro %}
{% macro duckdb__ms_to_timestamp(ms) %}make_timestamp(({{ ms }}) * 1000){% endmacro %}
{% macro trino__ms_to_timestamp(ms) %}cast(from_unixtime_nanos(({{ ms }}) * 1000000) at time zone 'UTC' as timestamp(6)){% endmacro %}

{# Constant timestamp with time zone (UTC) of unix ms, for filters that prune partitions. #}
{% macro timestamptz_literal(ms) %}{{ return(adapter.dispatch('timestamptz_literal')(ms)) }}{% endmacro %}
{% macro duckdb__timestamptz_literal(ms) %}timestamptz '{{ modules.datetime.datetime.fromtimestamp(ms / 1000, modules.pytz.utc).strftime('%Y-%m-%d %H:%M:%S+00') }}'{% endmacro %}
{% macro trino__timestamptz_literal(ms) %}timestamp '{{ modules.datetime.datetime.fromtimestamp(ms / 1000, modules.pytz.utc).strftime('%Y-%m-%d %H:%M:%S') }} UTC'{% endmacro %}

{# Whole part of a quotient of integers ≥ 0. #}
{% macro int_div(a, b) %}{{ return(adapter.dispatch('int_div')(a, b)) }}{% endmacro %}
{% macro duckdb__int_div(a, b) %}(({{ a }}) // ({{ b }})){% endmacro %}
{% macro trino__int_div(a, b) %}(({{ a }}) / ({{ b }})){% endmacro %}

{# Array of the whole numbers from a to b, both included. #}
{% macro int_range(a, b) %}{{ return(adapter.dispatch('int_range')(a, b)) }}{% endmacro %}
{% macro duckdb__int_range(a, b) %}generate_series({{ a }}, {{ b }}){% endmacro %}
{% macro trino__int_range(a, b) %}sequence({{ a }}, {{ b }}){% endmacro %}

{# JSON as JSON text. #}
{% macro json_to_text(json) %}{{ return(adapter.dispatch('json_to_text')(json)) }}{% endmacro %}
{% macro duckdb__json_to_text(json) %}cast({{ json }} as varchar){% endmacro %}
{% macro trino__json_to_text(json) %}json_format({{ json }}){% endmacro %}

{# Reports hold an array of entries, or one entry: the text of an array of either, as JSON. #}
{% macro array_or_one(text) %}{{ parse_json("case when ltrim(" ~ text ~ ") like '[%' then " ~ text ~ " else '[' || " ~ text ~ " || ']' end") }}{% endmacro %}
