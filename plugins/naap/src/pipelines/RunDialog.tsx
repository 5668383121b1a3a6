import {
  Button,
  Checkbox,
  Dialog,
  DialogBody,
  DialogFooter,
  DialogHeader,
  Select,
  Skeleton,
  TextField,
} from '@backstage/ui';
import {
  Run,
  StepArguments,
  StepInfo,
  StepParameter,
  StepPlan,
} from '@naap/plugin-naap-common';
import { useMemo, useState } from 'react';
import { useFreshness } from '../api/queries';
import { ErrorPanel, errorText } from '../components/Panel';
import { Scroller } from '../components/Scroller';
import tokens from '../components/tokens.module.css';
import { formatCount, formatCountOf } from '../lib/format';
import { useModels, usePlan, useRunCall } from './queries';
import styles from './RunDialog.module.css';
import { daysOf } from './runs';

/** Asks for the arguments of a run, says what it will touch, and only then runs it. */
export function RunDialog(props: {
  step: StepInfo;
  onClose: () => void;
  onStarted: (run: Run) => void;
  /** Arguments that are asked for unless others are chosen. */
  initial?: StepArguments;
}) {
  const { step, onClose, onStarted, initial = {} } = props;
  const [args, setArgs] = useState<StepArguments>(initial);
  const plan = usePlan(step.id, args);
  const start = useRunCall(
    (api, input: StepArguments) =>
      api.startRun({ step: step.id, arguments: input }),
    onStarted,
  );
  return (
    <Dialog isOpen width={560} onOpenChange={open => !open && onClose()}>
      <DialogHeader>Run: {step.title}</DialogHeader>
      <DialogBody>
        <div className={`${tokens.root} ${styles.body}`}>
          <p className={styles.text}>{step.description}</p>
          {step.parameters.map(parameter => (
            <ParameterField
              key={parameter.name}
              parameter={parameter}
              args={args}
              onChange={setArgs}
            />
          ))}
          <section aria-live="polite" className={styles.plan}>
            <h3 className={styles.title}>What it will touch</h3>
            {plan.isFetching && <PlanSkeleton />}
            {!plan.isFetching && plan.isError && (
              <ErrorPanel
                what="The plan"
                error={plan.error}
                onRetry={() => plan.refetch()}
              />
            )}
            {!plan.isFetching && plan.data && <PlanView plan={plan.data} />}
          </section>
          {start.isError && (
            <p role="alert" className={styles.failed}>
              The run was not started: {errorText(start.error)}
            </p>
          )}
        </div>
      </DialogBody>
      <DialogFooter>
        <Button
          variant="primary"
          isDisabled={!plan.isSuccess || plan.isFetching || start.isPending}
          onPress={() => start.mutate(args)}
        >
          Run
        </Button>
        <Button variant="secondary" onPress={onClose}>
          Don’t run
        </Button>
      </DialogFooter>
    </Dialog>
  );
}

/** The arguments with one of them set; an empty one is left out, for it means "all". */
function withArgument<K extends keyof StepArguments>(
  args: StepArguments,
  name: K,
  value: StepArguments[K] | undefined,
): StepArguments {
  const { [name]: _, ...rest } = args;
  return value === undefined ? rest : { ...rest, [name]: value };
}

function ParameterField(props: {
  parameter: StepParameter;
  args: StepArguments;
  onChange: (args: StepArguments) => void;
}) {
  const { parameter, args, onChange } = props;
  switch (parameter.type) {
    case 'flag':
      return (
        <div>
          <Checkbox
            isSelected={args.full ?? false}
            onChange={on =>
              onChange(withArgument(args, 'full', on || undefined))
            }
          >
            {parameter.title}
          </Checkbox>
          <p className={styles.hint}>{parameter.description}</p>
        </div>
      );
    case 'time':
      return <TimeField {...props} />;
    case 'model':
      return <ModelField {...props} />;
    default:
      return <DaysField {...props} />;
  }
}

function TimeField(props: {
  parameter: StepParameter;
  args: StepArguments;
  onChange: (args: StepArguments) => void;
}) {
  const { parameter, args, onChange } = props;
  const name = parameter.name === 'to' ? 'to' : 'from';
  return (
    <TextField
      size="small"
      label={parameter.title}
      description={parameter.description}
      value={args[name] ?? ''}
      onChange={text =>
        onChange(withArgument(args, name, text.trim() || undefined))
      }
    />
  );
}

// Stands for "no model" among the options.
const ALL = '';

function ModelField(props: {
  parameter: StepParameter;
  args: StepArguments;
  onChange: (args: StepArguments) => void;
}) {
  const { parameter, args, onChange } = props;
  const models = useModels(true);
  return (
    <Select
      size="small"
      label={parameter.title}
      description={
        models.isError
          ? `The models could not be loaded: ${errorText(models.error)}`
          : parameter.description
      }
      options={[
        { id: ALL, label: 'All models' },
        ...(models.data ?? []).map(name => ({ id: name, label: name })),
      ]}
      search={{ placeholder: 'Search models' }}
      value={args.model ?? ALL}
      onChange={key =>
        onChange(
          withArgument(
            args,
            'model',
            key === ALL || key === null ? undefined : String(key),
          ),
        )
      }
    />
  );
}

function DaysField(props: {
  parameter: StepParameter;
  args: StepArguments;
  onChange: (args: StepArguments) => void;
}) {
  const { parameter, args, onChange } = props;
  const { data } = useFreshness();
  const options = useMemo(
    () =>
      daysOf(data?.firstHour, data?.lastHour).map(day => ({
        id: day,
        label: day,
      })),
    [data?.firstHour, data?.lastHour],
  );
  return (
    <Select
      size="small"
      label={parameter.title}
      description={parameter.description}
      placeholder="No day chosen"
      selectionMode="multiple"
      options={options}
      search={{ placeholder: 'Search days' }}
      value={args.days ?? []}
      onChange={keys =>
        onChange(
          withArgument(
            args,
            'days',
            keys.length ? keys.map(String).sort() : undefined,
          ),
        )
      }
    />
  );
}

function PlanView({ plan }: { plan: StepPlan }) {
  return (
    <>
      <p className={styles.text}>{plan.summary}</p>
      {plan.touches.length > 0 && (
        <Scroller
          className={styles.scroller}
          label="What it will touch, one by one"
        >
          <table className={styles.table}>
            <caption className={tokens.visuallyHidden}>
              {formatCountOf(plan.touches.length, 'things')} that it will touch
            </caption>
            <thead>
              <tr>
                <th scope="col">What</th>
                <th scope="col">Rows now</th>
              </tr>
            </thead>
            <tbody>
              {plan.touches.map(({ kind, name, rows, note }) => (
                <tr key={`${kind} ${name}`}>
                  <td>
                    <span className={styles.kind}>{kind}</span> {name}
                    {note && <div className={styles.hint}>{note}</div>}
                  </td>
                  <td>
                    {rows === null ? (
                      <span title="Not known">
                        <span aria-hidden="true">–</span>
                        <span className={tokens.visuallyHidden}>not known</span>
                      </span>
                    ) : (
                      formatCount(rows)
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scroller>
      )}
    </>
  );
}

function PlanSkeleton() {
  return (
    <div role="status" aria-label="Asking what it will touch">
      <Skeleton className={tokens.skeleton} width="100%" height={56} />
    </div>
  );
}
