import { Hook0Client } from '../../client/client.ts';
import type { ClientOptions } from '../../client/options.ts';
import { type Connection, type ConnectionOptions, connectionOf } from './connection.ts';
import { UsageError } from './errors.ts';
import type { CliPorts } from './ports.ts';
import { paint, type Styled, wantsColours } from './style.ts';
import { type Column, type DetailRows, details, Table } from './table.ts';

/** The options that every command has. */
export interface GlobalOptions extends ConnectionOptions {
  readonly json?: true | undefined;
  readonly color: boolean;
}

export interface ListOptions<Item> {
  readonly columns: readonly Column<Item>[];
  /** At most so many. @default - all */
  readonly limit?: number | undefined;
  /** Said on standard error when there are none. */
  readonly empty: string;
}

/** How commands speak to the API and to the person. */
export class Shell {
  readonly ports: CliPorts;
  readonly #globals: () => GlobalOptions;
  /** Commands that did not do what was asked set it to 1. */
  exitCode = 0;

  /** @param globals - the options of the command line, once it was read */
  constructor(ports: CliPorts, globals: () => GlobalOptions) {
    this.ports = ports;
    this.#globals = globals;
  }

  /** @throws UsageError without an address or a token, and Hook0Error when one of them is invalid */
  client(more: Pick<ClientOptions, 'fetch' | 'application'> = {}): Hook0Client {
    const { url, token, application } = this.connection;
    if (url === undefined) throw new UsageError(`the address of the API is missing: ${howToConnect}`);
    if (token === undefined) throw new UsageError(`a token is missing: ${howToConnect}`);
    return new Hook0Client({ apiUrl: url, apiToken: token, application, ...more });
  }

  get globals(): GlobalOptions {
    return this.#globals();
  }

  get connection(): Connection {
    return connectionOf(this.#globals(), this.ports);
  }

  /** Whether the address and the token are known. */
  get isConnected(): boolean {
    const { url, token } = this.connection;
    return url !== undefined && token !== undefined;
  }

  get isJson(): boolean {
    return this.#globals().json === true;
  }

  get hasColours(): boolean {
    return this.#globals().color && wantsColours(this.ports.env, this.ports.columns !== undefined);
  }

  styled(styled: Styled): string {
    return paint(styled, this.hasColours);
  }

  /** Prints one line of JSON. */
  json(value: unknown): void {
    this.ports.out(`${JSON.stringify(value)}\n`);
  }

  /** A remark for a person. It never mixes with what programs read. */
  note(text: string): void {
    this.ports.err(`${text}\n`);
  }

  /** Prints a value as JSON, or else what `show` makes of it. */
  value<Value>(value: Value, show: (value: Value) => string): void {
    if (this.isJson) this.json(value);
    else this.ports.out(show(value));
  }

  details(rows: DetailRows): string {
    return details(rows, this.hasColours);
  }

  table<Item>(columns: readonly Column<Item>[]): Table<Item> {
    return new Table(columns, { hasColours: this.hasColours, width: this.ports.columns });
  }

  /** Prints items page by page as they arrive: a table, or one line of JSON for each. */
  async list<Item>(
    items: AsyncIterable<Item> | Iterable<Item>,
    { columns, limit, empty }: ListOptions<Item>,
  ): Promise<void> {
    const table = this.table(columns);
    let page: Item[] = [];
    let count = 0;
    const print = () => {
      this.ports.out(
        this.isJson ? page.map((item) => `${JSON.stringify(item)}\n`).join('') : table.lines(page),
      );
      page = [];
    };
    for await (const item of items) {
      if (count === limit) {
        print();
        this.note(`only the first ${limit} are shown; --limit N shows more, and --all shows all`);
        return;
      }
      count += 1;
      page.push(item);
      if (page.length === pageSize) print();
    }
    print();
    if (count === 0) this.note(empty);
  }
}

/** As many as the client reads in one request. */
const pageSize = 100;

const howToConnect = 'log in with hook0 login, or set HOOK0_URL and HOOK0_TOKEN';
