import { Select } from '@backstage/ui';
import { KPI_CATALOGUE, KpiId } from '@naap/plugin-naap-common';
import styles from './ExplorerPage.module.css';

const OPTIONS = KPI_CATALOGUE.map(kpi => ({
  id: kpi.id,
  label: kpi.estimated ? `${kpi.name}, estimated` : kpi.name,
}));

/** Chooses one of the KPIs. */
export function KpiSelect(props: {
  label: string;
  selected: KpiId;
  onChange: (id: KpiId) => void;
}) {
  return (
    <div className={styles.select}>
      <Select
        size="small"
        aria-label={props.label}
        options={OPTIONS}
        value={props.selected}
        onChange={id => props.onChange(id as KpiId)}
      />
    </div>
  );
}
