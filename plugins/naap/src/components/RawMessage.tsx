import { useApi } from '@backstage/frontend-plugin-api';
import { Button } from '@backstage/ui';
import { MessagePlace, naapRawReadPermission } from '@naap/plugin-naap-common';
import { RiDownloadLine } from '@remixicon/react';
import { useState } from 'react';
import { naapApiRef } from '../api/naapApi';
import { downloadBlob } from '../export/download';
import { cutMiddle } from '../lib/format';
import { errorText } from './Panel';
import styles from './RawMessage.module.css';

/** Bytes of a message that lists show of it. */
export const SHOWN_BYTES = 1024;

/** Why messages are not shown to whoever may not read them. */
export function RawWithheld() {
  return (
    <p className={styles.withheld}>
      What messages say is not shown: they hold addresses of clients and what
      they signed in with. Reading them needs the permission{' '}
      <code>{naapRawReadPermission.name}</code>.
    </p>
  );
}

/** Fetches one message whole, as a file: it may be large, and it is a stranger's. */
export function DownloadMessage({ place }: { place: MessagePlace }) {
  const api = useApi(naapApiRef);
  const [state, setState] = useState({ busy: false, said: '' });
  const { topic, partition, offset } = place;
  const save = async () => {
    setState({ busy: true, said: '' });
    try {
      const message = await api.message({ topic, partition, offset });
      downloadBlob(`${topic}-${partition}-${offset}.bin`, message);
      setState({ busy: false, said: '' });
    } catch (error) {
      setState({
        busy: false,
        said: `Not downloaded: ${cutMiddle(errorText(error), 120)}`,
      });
    }
  };
  return (
    <span className={styles.download}>
      <Button
        size="small"
        variant="tertiary"
        iconStart={<RiDownloadLine />}
        isDisabled={state.busy}
        onPress={save}
      >
        Download the message
      </Button>
      <span role="status" className={styles.said}>
        {state.said}
      </span>
    </span>
  );
}
