import { Select } from '@backstage/ui';
import { NULL_LITERAL } from '@naap/plugin-naap-common';
import { useMemo, useState } from 'react';
import { cutMiddle, formatCount } from '../lib/format';

// Enough to choose from; the search reaches the others. A thousand live options would make the list slow.
const SHOWN_OPTIONS = 100;
const LABEL_LENGTH = 44;

/** Chooses any number of values of a dimension; none means all. `null` is offered where rows without a value exist. */
export function FilterSelect(props: {
  label: string;
  /** What stands there while none is chosen. */
  placeholder?: string;
  /** What a null is called: "no region". */
  nullLabel: string;
  values: ReadonlyArray<{ value: string | null; requests: number }>;
  selected: ReadonlyArray<string | null>;
  onChange: (selected: Array<string | null>) => void;
}) {
  const { label, nullLabel, values, selected, onChange } = props;
  const [query, setQuery] = useState('');
  const options = useMemo(() => {
    const requests = new Map(values.map(v => [v.value, v.requests]));
    // What is chosen stays in the list, also where the window has none of it.
    const busiest = [...values].sort((a, b) => b.requests - a.requests);
    const all = [...new Set([...selected, ...busiest.map(v => v.value)])];
    const wanted = query.trim().toLowerCase();
    return all
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
  }, [values, selected, query, nullLabel]);

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
