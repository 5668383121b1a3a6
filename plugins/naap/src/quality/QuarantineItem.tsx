import { QuarantineRow } from '@naap/plugin-naap-common';
import { useMemo, useState } from 'react';
import { CopyButton } from '../components/CopyButton';
import { DownloadMessage } from '../components/RawMessage';
import { Scroller } from '../components/Scroller';
import { UtcTime } from '../components/UtcTime';
import { cutMiddle, formatCount } from '../lib/format';
import item from './QuarantineItem.module.css';
import { exactText, previewText, rawSize, rawText } from './rawText';

const PREVIEW_LENGTH = 140;

/** One message, which opens to what is shown of it. It comes from a stranger: it is text, and what would hide in it is seen. */
export function QuarantineItem({ row }: { row: QuarantineRow }) {
  const [open, setOpen] = useState(false);
  const preview = useMemo(
    () =>
      row.raw_base64 === null
        ? `${formatCount(row.raw_length)} bytes`
        : previewText(row.raw_base64, PREVIEW_LENGTH) || '(empty)',
    [row.raw_base64, row.raw_length],
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
        <span className={item.preview}>{preview}</span>
      </button>
      {open && <Message row={row} />}
    </li>
  );
}

function Message({ row }: { row: QuarantineRow }) {
  const { raw_base64: base64, raw_length: length, raw_sha256: hash } = row;
  return (
    <div className={item.message}>
      <p className={item.facts}>
        <span>{formatCount(length)} bytes</span>
        <span>offset {formatCount(row.offset)}</span>
        <span>brought by {row.source}</span>
        {hash !== null && (
          <span title={hash}>
            only its beginning was kept; SHA-256 of the whole{' '}
            {cutMiddle(hash, 20)}
          </span>
        )}
        {base64 !== null && <DownloadMessage place={row} />}
      </p>
      {base64 !== null && <Beginning base64={base64} length={length} />}
    </div>
  );
}

/** The message as text, as far as a list has it. */
function Beginning(props: { base64: string; length: number }) {
  const { base64, length } = props;
  const { text, utf8 } = useMemo(() => rawText(base64), [base64]);
  const exact = useMemo(() => exactText(base64), [base64]);
  const shown = rawSize(base64);
  const isCut = shown < length;
  return (
    <>
      <Scroller as="pre" className={item.raw} label="Message as it came in">
        {isCut ? `${text}…` : text}
      </Scroller>
      <p className={item.facts}>
        {isCut && <span>The first {formatCount(shown)} bytes</span>}
        {/* A character may be cut in two at the end. */}
        {!utf8 && !isCut && <span>no UTF-8: some bytes are shown as �</span>}
        {!isCut && (
          <CopyButton
            text={exact ?? base64}
            what={exact === null ? 'message as base64' : 'message'}
          />
        )}
      </p>
    </>
  );
}
