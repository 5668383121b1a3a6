import { Button } from '@backstage/ui';
import { QuarantineRow } from '@naap/plugin-naap-common';
import { useMemo, useState } from 'react';
import { CopyButton } from '../components/CopyButton';
import { Scroller } from '../components/Scroller';
import { UtcTime } from '../components/UtcTime';
import { cutMiddle, formatCount } from '../lib/format';
import item from './QuarantineItem.module.css';
import { exactText, previewText, rawSize, rawText } from './rawText';

const PREVIEW_LENGTH = 140;
/** More is drawn only when it is asked for: a message may have a MiB, on one line. */
const SHOWN_LENGTH = 4000;

/** One message, which opens to all of it. It comes from a stranger: it is text, and what would hide in it is seen. */
export function QuarantineItem({ row }: { row: QuarantineRow }) {
  const [open, setOpen] = useState(false);
  const preview = useMemo(
    () => previewText(row.raw_base64, PREVIEW_LENGTH),
    [row.raw_base64],
  );
  return (
    <li className={item.root}>
      <button
        type="button"
        className={item.toggle}
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        <span aria-hidden="true" className={item.chevron}>
          {open ? '▾' : '▸'}
        </span>
        <span className={item.time}>
          <UtcTime iso={row.seen_at} seconds />
        </span>
        <span className={`${item.class} ${item[row.class]}`}>{row.class}</span>
        <span className={item.reason} title={row.reason}>
          {cutMiddle(row.reason, 24)}
        </span>
        <span className={item.source} title={row.source}>
          {cutMiddle(row.source, 18)}
        </span>
        <span className={item.preview}>{preview || '(empty)'}</span>
      </button>
      {open && <Message row={row} />}
    </li>
  );
}

function Message({ row }: { row: QuarantineRow }) {
  const { raw_base64: base64 } = row;
  const [whole, setWhole] = useState(false);
  const { text, utf8 } = useMemo(() => rawText(base64), [base64]);
  const exact = useMemo(() => exactText(base64), [base64]);
  const isCut = !whole && text.length > SHOWN_LENGTH;
  return (
    <div className={item.message}>
      <p className={item.facts}>
        <span>{formatCount(rawSize(base64))} bytes</span>
        <span>offset {formatCount(row.offset)}</span>
        <span>brought by {row.source}</span>
        {!utf8 && <span>no UTF-8: some bytes are shown as �</span>}
        <CopyButton
          text={exact ?? base64}
          what={exact === null ? 'message as base64' : 'message'}
        />
      </p>
      <Scroller as="pre" className={item.raw} label="Message as it came in">
        {isCut ? `${text.slice(0, SHOWN_LENGTH)}…` : text}
      </Scroller>
      {isCut && (
        <Button size="small" variant="secondary" onPress={() => setWhole(true)}>
          Show the whole
        </Button>
      )}
    </div>
  );
}
