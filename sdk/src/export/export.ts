import { Hook0Error } from '../errors.ts';
import { isJson, type Json, textOf } from '../import/json.ts';
import type { System } from '../import/plan.ts';
import type { OtherApi } from './other-api.ts';

/** Reads everything that an import needs. @param id of the application, or of the project of Convoy */
export type Exporter = (api: OtherApi, id: string) => Promise<Json>;

export const exporters: Readonly<Record<System, Exporter>> = {
  svix: exportSvix,
  convoy: exportConvoy,
  hook0: exportHook0,
};

async function exportSvix(api: OtherApi, id: string): Promise<Json> {
  const app = `/api/v1/app/${encodeURIComponent(id)}`;
  const endpoints = await svixPages(api, `${app}/endpoint?limit=250`);
  const ids = idsOf(endpoints, 'id');
  const each = (part: string) => byId(ids, (one) => api.get(`${app}/endpoint/${one}/${part}`));
  return {
    endpoints,
    secrets: await each('secret'),
    headers: await each('headers'),
    transformations: await each('transformation'),
    eventTypes: await svixPages(api, '/api/v1/event-type?limit=250&include_archived=true'),
  };
}

const svixPages = (api: OtherApi, path: string): Promise<Json[]> =>
  pages(api, path, ({ done, iterator }) =>
    done === false ? `&iterator=${encodeURIComponent(cursor(iterator, path))}` : undefined,
  );

async function exportConvoy(api: OtherApi, id: string): Promise<Json> {
  const project = `/api/v1/projects/${encodeURIComponent(id)}`;
  const subscriptions = await convoyPages(api, `${project}/subscriptions?perPage=100`);
  return {
    endpoints: await convoyPages(api, `${project}/endpoints?perPage=100`),
    subscriptions,
    filters: await byId(idsOf(subscriptions, 'uid'), (one) =>
      api.get(`${project}/subscriptions/${one}/filters`),
    ),
    eventTypes: await found(api, `${project}/event-types`),
    project: await found(api, project),
  };
}

const convoyPages = (api: OtherApi, path: string): Promise<Json[]> =>
  pages(api, path, ({ data }) => {
    const { has_next_page, next_page_cursor } =
      isJson(data) && isJson(data.pagination) ? data.pagination : {};
    return has_next_page === true
      ? `&direction=next&next_page_cursor=${encodeURIComponent(cursor(next_page_cursor, path))}`
      : undefined;
  });

async function exportHook0(api: OtherApi, id: string): Promise<Json> {
  const query = `?application_id=${encodeURIComponent(id)}`;
  return {
    subscriptions: await found(api, `/api/v1/subscriptions${query}`),
    eventTypes: await found(api, `/api/v1/event_types${query}`),
  };
}

async function pages(api: OtherApi, path: string, next: (page: Json) => string | undefined): Promise<Json[]> {
  const all: Json[] = [];
  const seen = new Set<string>();
  for (let more: string | undefined = ''; more !== undefined; ) {
    if (seen.has(more)) throw new Hook0Error(`GET ${path}: the same page was announced twice`);
    seen.add(more);
    const page = await found(api, path + more);
    if (!isJson(page)) throw new Hook0Error(`GET ${path}: expected a page such as {"data": […]}`);
    all.push(page);
    more = next(page);
  }
  return all;
}

async function found(api: OtherApi, path: string): Promise<unknown> {
  const answer = await api.get(path);
  if (answer === null) throw new Hook0Error(`GET ${path}: received 404; are --url and --id right?`);
  return answer;
}

function cursor(given: unknown, path: string): string {
  const text = textOf(given);
  if (text === undefined)
    throw new Hook0Error(`GET ${path}: more pages follow, but the page does not say where`);
  return text;
}

/** The pages hold `{"data": […]}` or `{"data": {"content": […]}}`. */
function idsOf(all: readonly Json[], key: 'id' | 'uid'): string[] {
  return all.flatMap(({ data }) => {
    const list = isJson(data) ? data.content : data;
    return Array.isArray(list) ? list.flatMap((one) => (isJson(one) ? (textOf(one[key]) ?? []) : [])) : [];
  });
}

async function byId(ids: readonly string[], read: (id: string) => Promise<unknown>): Promise<Json> {
  const answers: [string, unknown][] = [];
  for (const id of ids) answers.push([id, await read(encodeURIComponent(id))]);
  return Object.fromEntries(answers);
}
