/** A setting that can't be used: says which, and what to write instead. */
export class SettingsError extends Error {
  override name = 'SettingsError';
}

/** An object of a configuration, whoever read it; texts without the line end that files have. */
export class Settings {
  readonly #fields: Record<string, unknown>;
  readonly #key: string;

  /**
   * @param key - where the object stands, as in `naap.lake`
   * @throws SettingsError
   */
  constructor(value: unknown, key: string) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new SettingsError(`${key}: use an object`);
    }
    this.#fields = value as Record<string, unknown>;
    this.#key = key;
  }

  /** @throws SettingsError unless there is a text that is not empty */
  text(name: string): string {
    const value = this.#fields[name];
    const text = typeof value === 'string' ? value.trimEnd() : '';
    if (text) return text;
    throw new SettingsError(
      `${this.#key}.${name}: use a text that is not empty`,
    );
  }

  /** Those of some texts that are given. */
  texts<Name extends string>(
    ...names: readonly Name[]
  ): Partial<Record<Name, string>> {
    const given = names.filter(name => this.#fields[name] !== undefined);
    return Object.fromEntries(
      given.map(name => [name, this.text(name)]),
    ) as Partial<Record<Name, string>>;
  }

  oneOf<Choice extends string>(
    name: string,
    choices: readonly Choice[],
  ): Choice {
    const text = this.text(name);
    const found = choices.find(choice => choice === text);
    if (found !== undefined) return found;
    throw new SettingsError(
      `${this.#key}.${name} is '${text}': use ${choices.join(' or ')}`,
    );
  }

  /** An object inside. */
  at(name: string): Settings {
    return new Settings(this.#fields[name], `${this.#key}.${name}`);
  }
}
