import { Hook0Error } from '../../errors.ts';
import { nearest } from '../../options.ts';
import { UsageError } from './errors.ts';

/** A deployment and a token for it, under a name. */
export interface Profile {
  readonly url: string;
  readonly token: string;
  readonly application?: string | undefined;
}

/** What `hook0 login` has saved. */
export interface Profiles {
  /** The name of the profile that is used when none is named. */
  readonly current: string | undefined;
  readonly profiles: Readonly<Record<string, Profile>>;
}

/** Where profiles are saved. */
export interface ProfileFile {
  readonly path: string;
  /** The text of the file, or undefined when there is none. @throws Hook0Error when other users can read it */
  read(): string | undefined;
  /** Replaces the file. Only its owner can read it. */
  write(text: string): void;
}

/** @throws Hook0Error for a file that is not as `savedText` wrote it */
export function savedProfiles(file: ProfileFile): Profiles {
  const text = file.read();
  if (text === undefined) return { current: undefined, profiles: {} };
  const saved = parsed(text);
  if (!isObject(saved) || !isObject(saved.profiles)) throw broken(file);
  const { current } = saved;
  const profiles = Object.entries(saved.profiles).map(([name, profile]) => {
    if (isProfile(profile)) return [name, profile] as const;
    throw broken(file);
  });
  return {
    current: typeof current === 'string' ? current : undefined,
    profiles: Object.fromEntries(profiles),
  };
}

export const savedText = (profiles: Profiles): string => `${JSON.stringify(profiles, null, 2)}\n`;

/** @throws UsageError that says which name was probably meant */
export function profileNamed(name: string, { profiles }: Profiles): Profile {
  const profile = Object.hasOwn(profiles, name) ? profiles[name] : undefined;
  if (profile !== undefined) return profile;
  const meant = nearest(name, Object.keys(profiles));
  const hint = meant === undefined ? 'hook0 profiles list shows those that exist' : `did you mean ${meant}?`;
  throw new UsageError(`there is no profile ${JSON.stringify(name)}; ${hint}`);
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isProfile = (value: unknown): value is Profile =>
  isObject(value) &&
  typeof value.url === 'string' &&
  typeof value.token === 'string' &&
  (value.application === undefined || typeof value.application === 'string');

/** The message of the parser would quote the file, which holds tokens. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const broken = ({ path }: ProfileFile): Hook0Error =>
  new Hook0Error(`${path} does not hold profiles; remove it, and log in again with hook0 login`);
