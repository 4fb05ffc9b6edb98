// Uses openapi-fetch with openapi-typescript's types (./client.d.ts); throws where an answer is not what it should be.

import createClient from 'openapi-fetch';
import type { components, paths } from './client.d.ts';

declare const process: { env: Record<string, string | undefined>; exitCode: number };

type Role = components['schemas']['UserBasic']['role_at_organization'];

const { BASE = '', KEY, PROJECT = '' } = process.env;
const client = createClient<paths>({ baseUrl: BASE, headers: { Authorization: `Bearer ${KEY}` } });
const path = { project_id: PROJECT };

function same(actual: unknown, expected: unknown, what: string): void {
    const [is, should] = [JSON.stringify(actual), JSON.stringify(expected)];
    if (is !== should) throw new Error(`${what} is ${is}, and should be ${should}`);
}

async function data<T>(answer: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<T> {
    const { data, error, response } = await answer;
    if (data === undefined) throw new Error(`${response.status}: ${JSON.stringify(error)}`);
    return data;
}

async function drive(): Promise<void> {
    const body = { name: 'Golden set', metadata: { a: [1, null] } };
    const dataset = await data(client.POST('/api/projects/{project_id}/datasets/', { params: { path }, body }));
    same(dataset.metadata, body.metadata, 'metadata');

    const items = '/api/projects/{project_id}/dataset_items/';
    const input = { number: 1 };
    const item = await data(client.POST(items, { params: { path }, body: { dataset: dataset.id, input } }));
    const role: Role = item.created_by?.role_at_organization;
    same([item.input, item.output, item.deleted, role], [input, null, false, 'engineering'], 'the item');

    const query = { dataset: dataset.id, limit: 10 };
    const page = await data(client.GET(items, { params: { path, query } }));
    same([page.count, page.next, page.results], [1, null, [item]], 'the page');

    const changed = await data(
        client.PATCH('/api/projects/{project_id}/dataset_items/{id}/', {
            params: { path: { ...path, id: item.id } },
            body: { output: ['new'] },
        }),
    );
    same([changed.id, changed.input, changed.output], [item.id, input, ['new']], 'the changed item');

    const exported = await data(
        client.GET('/api/projects/{project_id}/datasets/{id}/export/', {
            params: { path: { ...path, id: dataset.id } },
            parseAs: 'text',
        }),
    );
    same(JSON.parse(exported).output, ['new'], 'the exported output');

    const { error } = await client.POST(items, { params: { path }, body: { dataset: item.id } });
    same([error?.code, error?.attr], ['does_not_exist', 'dataset'], 'the error of an unknown dataset');
}

drive().catch((error) => {
    console.error(error);
    process.exitCode = 1;
});
