import { useRouteRef } from '@backstage/frontend-plugin-api';
import { Link } from '@backstage/ui';
import {
  isLatency,
  KPI_CATALOGUE,
  KpiDefinition,
  KpiUnit,
  MODEL_TARGET_DEFINITION,
  SCORE_DEFINITION,
} from '@naap/plugin-naap-common';
import { ReactNode } from 'react';
import { useFreshness } from '../api/queries';
import { Card, CardHead, useAnchor } from '../components/Card';
import { UtcTime } from '../components/UtcTime';
import { formatCountOf } from '../lib/format';
import { targetText } from '../lib/target';
import { lineageRouteRef } from '../routes';
import styles from './DefinitionsPage.module.css';
import { GOLD_MODELS, goldNode, sqlAnchor, SqlSection } from './SqlSection';
import { TargetSection } from './TargetSection';

const UNIT_TEXT: Record<KpiUnit, string> = {
  fps: 'frames per second',
  ms: 'milliseconds',
  ratio: 'none',
  fraction: 'fraction, percent on pages',
};

/** What every number means: in words, as a formula, with its target, and the SQL that computes it. */
export function DefinitionsPage() {
  useAnchor(true);
  return (
    <div className={styles.page}>
      <p className={styles.lead}>
        The same on every page, in the API and in SQL. Null means “no evidence”
        and is never 0; averages are computed anew from sums and counts for
        every window and cut, and never averaged. <Version />
      </p>
      <nav className={styles.jump} aria-label="Definitions">
        {KPI_CATALOGUE.map(({ id, name }) => (
          <a key={id} href={`#${id}`}>
            {name}
          </a>
        ))}
        <a href="#score">{SCORE_DEFINITION.name}</a>
        <a href="#targets">Targets by model</a>
        {GOLD_MODELS.map(model => (
          <a key={model} href={`#${sqlAnchor(model)}`}>
            SQL: {model}
          </a>
        ))}
      </nav>
      {KPI_CATALOGUE.map(definition => (
        <Card key={definition.id} id={definition.id}>
          <KpiSection definition={definition} />
        </Card>
      ))}
      <Card id="score">
        <ScoreSection />
      </Card>
      <Card id="targets">
        <TargetSection />
      </Card>
      {GOLD_MODELS.map(model => (
        <Card key={model} id={sqlAnchor(model)}>
          <SqlSection model={model} />
        </Card>
      ))}
    </div>
  );
}

/** The build whose numbers are served: what it was made with is the version of the definitions. */
function Version() {
  const { data } = useFreshness();
  if (!data?.build) {
    return null;
  }
  const { id, at, tests } = data.build;
  return (
    <>
      Version: build <code className={styles.code}>{id}</code> of{' '}
      <UtcTime iso={at} /> UTC, {formatCountOf(tests.passed, 'data tests')}{' '}
      passed, {formatCountOf(tests.failed, 'failures')}.
    </>
  );
}

function Fact(props: { name: string; children: ReactNode }) {
  return (
    <div className={styles.fact}>
      <dt>{props.name}</dt>
      <dd>{props.children}</dd>
    </div>
  );
}

function KpiSection({ definition }: { definition: KpiDefinition }) {
  const { minimum, gold, target } = definition;
  const basis = isLatency(definition) ? 'by the mean, ' : '';
  return (
    <>
      <CardHead
        title={definition.name}
        subtitle={[
          `${definition.direction} is better`,
          definition.estimated && 'estimated',
        ]
          .filter(Boolean)
          .join(' · ')}
      />
      <p className={styles.text}>{definition.definition}</p>
      <dl className={styles.facts}>
        <Fact name="Unit">{UNIT_TEXT[definition.unit]}</Fact>
        <Fact name="Formula">
          <span className={styles.formula}>{definition.formula}</span>
        </Fact>
        <Fact name="Of one request">
          {definition.ofRequest ?? 'not defined: it is of a group alone'}
        </Fact>
        <Fact name="Of a group">{definition.ofGroup}</Fact>
        <Fact name="Target">
          {typeof target === 'string' ? (
            <>
              the model’s own: <a href="#targets">targets by model</a>
            </>
          ) : (
            `${targetText(definition)}, the same for all`
          )}
        </Fact>
        <Fact name="Graded">
          {basis}from {formatCountOf(minimum.count, minimum.of)} on; under that
          “too few”
        </Fact>
        <Fact name="Computed from">
          <Origin model="kpi_hourly" names={gold.columns} />
          {gold.metrics.length > 0 && (
            <>
              ; percentiles from{' '}
              <Origin model="kpi_latency_hourly" names={gold.metrics} />
            </>
          )}
        </Fact>
      </dl>
    </>
  );
}

/** Columns of a model, each with the way to where it comes from; metrics are rows of one and have none. */
function Origin(props: {
  model: 'kpi_hourly' | 'kpi_latency_hourly';
  names: readonly string[];
}) {
  const { model, names } = props;
  const lineage = useRouteRef(lineageRouteRef)?.();
  return (
    <>
      {names.map((name, i) => (
        <span key={name}>
          {i > 0 && ', '}
          {lineage && model === 'kpi_hourly' ? (
            <Link
              className={styles.code}
              href={`${lineage}?${new URLSearchParams({
                node: goldNode(model),
                column: name,
              })}`}
            >
              {name}
            </Link>
          ) : (
            <code className={styles.code}>{name}</code>
          )}
        </span>
      ))}{' '}
      in <a href={`#${sqlAnchor(model)}`}>{model}</a>
    </>
  );
}

function ScoreSection() {
  const { definition, formulas, served, attainment, completeness, minimum } =
    SCORE_DEFINITION;
  return (
    <>
      <CardHead
        title={SCORE_DEFINITION.name}
        subtitle="0 to 100 · higher is better"
      />
      <p className={styles.text}>{definition}</p>
      <dl className={styles.facts}>
        <Fact name="Formula">
          {formulas.map(formula => (
            <div key={formula} className={styles.formula}>
              {formula}
            </div>
          ))}
        </Fact>
        <Fact name="Served">{served}</Fact>
        <Fact name="Attainment">{attainment}</Fact>
        <Fact name="Targets">{MODEL_TARGET_DEFINITION}</Fact>
        <Fact name="Completeness">{completeness}</Fact>
        <Fact name="Given">
          from {formatCountOf(minimum.count, minimum.of)} and one attainment on;
          under that “too few”
        </Fact>
      </dl>
    </>
  );
}
