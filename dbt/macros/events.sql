{# The parts of `data` that silver takes of each family: name → JSON path. #}
{% macro event_fields(family) %}
  {% set orchestrator = {'address': '$.orchestrator_info.address', 'url': '$.orchestrator_info.url'} %}
  {% set fields = {
    'stream_trace': dict(orchestrator, model='$.pipeline', message='$.message'),
    'ai_stream_status': dict(orchestrator,
      model='$.pipeline', state='$.state', start_time='$.start_time', state_update_time='$.last_state_update_time',
      sent_time='$.timestamp', fps='$.inference_status.fps', last_output_time='$.inference_status.last_output_time',
      last_error='$.inference_status.last_error', last_error_time='$.inference_status.last_error_time',
      restart_count='$.inference_status.restart_count', last_restart_time='$.inference_status.last_restart_time',
      input_fps='$.input_status.fps', last_input_time='$.input_status.last_input_time'),
    'ai_stream_events': dict(orchestrator, model='$.pipeline', message='$.message'),
    'stream_ingest_metrics': {
      'quality': '$.stats.conn_quality', 'bytes_received': '$.stats.peer_conn_stats.BytesReceived', 'bytes_sent': '$.stats.peer_conn_stats.BytesSent'},
    'create_new_payment': {
      'named_request_id': '$.requestID', 'url': '$.orchestrator', 'recipient': '$.recipient', 'sender': '$.sender', 'face_value': '$.faceValue',
      'win_prob': '$.winProb', 'num_tickets': '$.numTickets', 'price': '$.price', 'manifest_id': '$.manifestID', 'session_id': '$.sessionID'},
    'orchestrator_scrape': {
      'target': '$.target', 'kind': '$.kind', 'round_targets': '$.round_targets', 'attempted': '$.attempted', 'reachable': '$.reachable',
      'error_class': '$.error_class', 'http_status': '$.http_status', 'version': '$.version', 'health': '$.health',
      'dns': '$.latency_ms.dns', 'connect': '$.latency_ms.connect', 'tls': '$.latency_ms.tls', 'first_byte': '$.latency_ms.first_byte',
      'total': '$.latency_ms.total', 'capacity_total': '$.capacity.total', 'capacity_used': '$.capacity.used',
      'capacity_available': '$.capacity.available'},
  } %}
  {{ return(fields[family]) }}
{% endmacro %}

{# The extracted text of one named part of a row of `arrived_events`. #}
{% macro event_field(family, name) %}fields[{{ (event_fields(family).keys() | list).index(name) + 1 }}]{% endmacro %}

{# A number that may be written as text; what is no finite number is null. #}
{% macro to_number(text) %}case when abs(try_cast({{ text }} as double)) < 1e18 then try_cast({{ text }} as double) end{% endmacro %}

{# A time inside `data` as unix ms: under 10^11 it is in seconds; 0 and what is no number are null (docs/kpis.md §1 Time). #}
{% macro to_ms(text) %}case
    when try_cast({{ text }} as double) = 0 or not abs(try_cast({{ text }} as double)) < 1e15 then null
    when try_cast({{ text }} as double) < 1e11 then cast(round(try_cast({{ text }} as double) * 1000) as bigint)
    else cast(round(try_cast({{ text }} as double)) as bigint)
  end{% endmacro %}

{# A text that is used as a name: one that is empty, or has over 512 characters, is null (docs/kpis.md §1). DuckDB and
   Trino both count code points. The text is taken twice, so let it be a column. #}
{% macro name_or_null(text) %}case when length({{ text }}) between 1 and 512 then {{ text }} end{% endmacro %}

{# Addresses compare and are written in lower case. #}
{% macro normal_address(text) %}lower({{ name_or_null(text) }}){% endmacro %}

{# URLs compare and are written in lower case without trailing slashes; an empty one is null. #}
{% macro normal_url(text) %}nullif(trim(trailing '/' from lower({{ name_or_null(text) }})), ''){% endmacro %}

{# Excused error messages, by case-insensitive substring (docs/kpis.md §2). #}
{% macro is_excused(message) %}({% for part in [
    'no orchestrators available', 'mediamtx ingest disconnected', 'whip disconnected', 'missing video',
    'ice connection state failed', 'user disconnected', 'channel exists but sequence does not',
  ] %}strpos(lower(coalesce({{ message }}, '')), '{{ part }}') > 0{{ ' or ' if not loop.last }}{% endfor %}){% endmacro %}

{# Logarithmic bucket of docs/kpis.md §3. #}
{% macro log_bucket(x) %}cast(ceil(ln(greatest(cast({{ x }} as double), 1.0)) / ln(1.02)) as integer){% endmacro %}

{# An amount with its unit, "2402400000000000 WEI" or "0.02 ETH", in ETH; anything else, and what is not finite, is null. #}
{% macro eth_amount(text) %}
  {%- set amount -%} try_cast(substr({{ text }}, 1, length({{ text }}) - 4) as double) {%- endset -%}
  case
    when not abs({{ amount }}) < 1e30 then null
    when lower({{ text }}) like '% wei' then {{ amount }} / 1e18
    when lower({{ text }}) like '% eth' then {{ amount }}
  end{% endmacro %}

{# The region of a gateway from the last part of its name (seeds/regions). #}
{% macro gateway_suffix(gateway) %}lower(regexp_extract({{ gateway }}, '-([A-Za-z]+)$', 1)){% endmacro %}

{# A number from 0 up that may be written as text; anything else is null. #}
{% macro to_quantity(text) %}case when {{ to_number(text) }} >= 0 then {{ to_number(text) }} end{% endmacro %}
