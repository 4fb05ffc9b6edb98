// Uses the generated client (./client) as its users do; throws where an answer is not what it should be.

import { ApiError, BlankEnum, DatasetItemsService, DatasetsService, OpenAPI, RoleAtOrganizationEnum } from './client';
import type { Dataset, DatasetItem, PaginatedDatasetItemList, PatchedDatasetItem } from './client';

declare const process: { env: Record<string, string | undefined>; exitCode: number };

// v1 has one component for what is sent and what comes back, so a client sends something for these; it is ignored.
const notMine = { id: '', team: 0, created_at: '', updated_at: null, created_by: null };

type Page = { limit?: number; offset?: number };

interface Operations {
    createDataset(body: Dataset): Promise<Dataset>;
    createItem(body: DatasetItem): Promise<DatasetItem>;
    listItems(dataset?: string, page?: Page): Promise<PaginatedDatasetItemList>;
    findItem(id: string): Promise<DatasetItem>;
    changeItem(id: string, changes: PatchedDatasetItem): Promise<DatasetItem>;
    destroyItem(id: string): Promise<void>;
}

const below: Record<string, (project: string) => Operations> = {
    projects: (project) => ({
        createDataset: (body) => DatasetsService.datasetsCreate(project, body),
        createItem: (body) => DatasetItemsService.datasetItemsCreate(project, body),
        listItems: (dataset, page) => DatasetItemsService.datasetItemsList(project, dataset, page?.limit, page?.offset),
        findItem: (id) => DatasetItemsService.datasetItemsRetrieve(id, project),
        changeItem: (id, changes) => DatasetItemsService.datasetItemsPartialUpdate(id, project, changes),
        destroyItem: (id) => DatasetItemsService.datasetItemsDestroy(id, project),
    }),
    environments: (project) => ({
        createDataset: (body) => DatasetsService.environmentsDatasetsCreate(project, body),
        createItem: (body) => DatasetItemsService.environmentsDatasetItemsCreate(project, body),
        listItems: (dataset, page) =>
            DatasetItemsService.environmentsDatasetItemsList(project, dataset, page?.limit, page?.offset),
        findItem: (id) => DatasetItemsService.environmentsDatasetItemsRetrieve(project, id),
        changeItem: (id, changes) => DatasetItemsService.environmentsDatasetItemsPartialUpdate(project, id, changes),
        destroyItem: (id) => DatasetItemsService.environmentsDatasetItemsDestroy(project, id),
    }),
};

function same(actual: unknown, expected: unknown, what: string): void {
    const [is, should] = [JSON.stringify(actual), JSON.stringify(expected)];
    if (is !== should) throw new Error(`${what} is ${is}, and should be ${should}`);
}

async function refused(answer: Promise<unknown>, status: number): Promise<Record<string, unknown>> {
    try {
        await answer;
    } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        same(error.status, status, 'the status');
        return error.body;
    }
    throw new Error(`was answered, and should be refused with ${status}`);
}

async function drive(api: Operations): Promise<void> {
    const dataset = await api.createDataset({ ...notMine, name: 'Golden set', metadata: { a: [1, null] } });
    same(dataset.metadata, { a: [1, null] }, 'metadata');
    const other = await api.createDataset({ ...notMine, name: 'Another' });

    const items: DatasetItem[] = [];
    for (const number of [0, 1, 2]) {
        items.push(await api.createItem({ ...notMine, dataset: dataset.id, input: { number } }));
    }
    const [item] = items;
    same(item.created_by?.email, 'ada@example.com', 'created_by');
    same(item.created_by?.role_at_organization, RoleAtOrganizationEnum.ENGINEERING, 'the role');
    same(item.created_by?.role_at_organization === BlankEnum.BLANK, false, 'whether the role is blank');
    same(await api.findItem(item.id), item, 'the item');

    const first = await api.listItems(dataset.id, { limit: 2 });
    const second = await api.listItems(dataset.id, { limit: 2, offset: 2 });
    same([first.count, first.results.length, second.results.length], [3, 2, 1], 'the pages');
    same([typeof first.next, second.next], ['string', null], 'the links');
    same((await api.listItems(other.id)).count, 0, 'the count of the other dataset');

    const changed = await api.changeItem(item.id, { output: ['new'], ref_trace_id: 'trace-1' });
    same([changed.output, changed.ref_trace_id], [['new'], 'trace-1'], 'the changed item');

    await api.changeItem(item.id, { deleted: true });
    const gone = { type: 'invalid_request', code: 'not_found', detail: 'Not found.', attr: null };
    same(await refused(api.findItem(item.id), 404), gone, 'the error');
    same((await api.listItems()).count, 2, 'the count after the soft delete');
    await refused(api.destroyItem(items[1].id), 405);

    const wrong = await refused(api.createItem({ ...notMine, dataset: item.id }), 400);
    same([wrong.code, wrong.attr], ['does_not_exist', 'dataset'], 'the error of an unknown dataset');
}

const { BASE = '', KEY, PROJECT = '', PREFIX = '' } = process.env;
OpenAPI.BASE = BASE;
OpenAPI.TOKEN = KEY;
drive(below[PREFIX](PROJECT)).catch((error) => {
    console.error(error);
    process.exitCode = 1;
});
