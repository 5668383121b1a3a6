import { Select } from '@backstage/ui';
import {
  DimensionAnswer,
  KpiFilter,
  NULL_LITERAL,
  Window,
} from '@naap/plugin-naap-common';
import { useMemo, useState } from 'react';
import { useDimensionSearch } from '../api/queries';
import { useSettled } from '../components/useSettled';
import { cutMiddle, formatCount } from '../lib/format';

// Enough to choose from; the search reaches the others. A thousand live options would make the list slow.
const SHOWN_OPTIONS = 100;
const LABEL_LENGTH = 44;

/**
 * Chooses any number of values of a dimension; none means all. `null` is offered where rows without a value exist. The
 * busiest are there at once; where there are more, typing asks for them.
 */
export function FilterSelect(props: {
  label: string;
  /** What stands there while none is chosen. */
  placeholder?: string;
  /** What a null is called: "no region". */
  nullLabel: string;
  dimension: KpiFilter;
  window: Window;
  /** The busiest values of all dimensions. */
  busiest: DimensionAnswer | undefined;
  /** Whether a value may be chosen. */
  offers?: (value: string | null) => boolean;
  selected: ReadonlyArray<string | null>;
  onChange: (selected: Array<string | null>) => void;
}) {
  const { label, nullLabel, dimension, selected, onChange } = props;
  const { busiest, offers = () => true } = props;
  const [query, setQuery] = useState('');
  const known = busiest?.values[dimension] ?? [];
  const total = busiest?.totals[dimension] ?? 0;
  const wanted = query.trim().toLowerCase();
  const asked = useSettled(total > known.length ? wanted : '');
  const found = useDimensionSearch(props.window, dimension, asked);
  const values = (asked && found.data?.values[dimension]) || known;
  const options = useMemo(() => {
    const requests = new Map(values.map(v => [v.value, v.requests]));
    // What is chosen stays in the list, also where the window has none of it.
    const busiestFirst = [...values].sort((a, b) => b.requests - a.requests);
    const all = [...new Set([...selected, ...busiestFirst.map(v => v.value)])];
    return all
      .filter(offers)
      .map(value => {
        const count = requests.get(value) ?? 0;
        const name = value ?? nullLabel;
        return {
          id: value ?? NULL_LITERAL,
          name,
          label: `${cutMiddle(name, LABEL_LENGTH)} (${formatCount(count)})`,
        };
      })
      .filter(option => option.name.toLowerCase().includes(wanted))
      .slice(0, SHOWN_OPTIONS);
  }, [values, selected, wanted, nullLabel, offers]);

  return (
    <Select
      size="small"
      label={label}
      placeholder={props.placeholder ?? 'All'}
      selectionMode="multiple"
      options={options}
      search={{
        mode: 'server',
        inputValue: query,
        onInputChange: setQuery,
        placeholder: `Search ${label.toLowerCase()}`,
      }}
      value={selected.map(value => value ?? NULL_LITERAL)}
      onChange={keys =>
        onChange(keys.map(key => (key === NULL_LITERAL ? null : String(key))))
      }
      onOpenChange={() => setQuery('')}
    />
  );
}
